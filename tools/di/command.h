/* SPDX-License-Identifier: MIT */
#ifndef DI_COMMAND_H
#define DI_COMMAND_H

/**
 * The di command: one file per subcommand. It is linked with the archives, and reads files with the
 * private parts of containers/yaml and of the builder, since it wants to know more of them than a
 * program that loads a container.
 */

#include "tools/di/options.h"

/** The version as a text; the Makefile says it as DI_VERSION. */
#define VERSION_TEXT VERSION_TEXT_(DI_VERSION)
#define VERSION_TEXT_(version_) VERSION_TEXT__(version_)
#define VERSION_TEXT__(version_) #version_

/** What the command ends with; di.1 describes them. */
enum status {
	STATUS_OK = 0,
	STATUS_FAULTS = 1,  /**< something is wrong with a file */
	STATUS_USAGE = 2,   /**< with what the command was called with */
	STATUS_TROUBLE = 3, /**< something could not be done: memory, a file, graphviz */
};

/** The whole command, as main() is called. */
int di_command(int count, char **words);

int di_check_command(const struct options *options);
int di_graph_command(const struct options *options);
int di_explain_command(const struct options *options);
int di_generate_command(const struct options *options);
int di_schema_command(const struct options *options);

#endif
