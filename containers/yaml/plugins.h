/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_PLUGINS_H
#define DI_YAML_PLUGINS_H

/* private */

/**
 * Plug-ins: shared objects that files name, for the exports that they hand over.
 */

#include "containers/yaml/wire.h"

struct di__yaml_plugins {
	void **handles;
	size_t count;
};

/** Opens those of all files, and lets the builder have their exports; faults are added. */
void di__yaml_plugins_open(struct di__yaml_plugins *plugins, struct di__yaml_wire *wire);
void di__yaml_plugins_close(struct di__yaml_plugins *plugins);
/** The exports of the shared object that dlopen() has opened; NULL if it hands over none. */
const struct di_exports *di__yaml_handed_over(void *handle);

#endif
