/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_ARGUMENT_H
#define DI_YAML_ARGUMENT_H

/* private */

/**
 * Arguments: exactly one of the keys that say what they are, and a value of that form.
 */

#include "containers/builder.h"
#include "containers/yaml/rows.h"

/**
 * Turns what is written at node into an argument for the builder; texts are borrowed. Returns 0
 * with a fault added where it is none.
 */
int di__yaml_argument(const struct di__yaml_argument *written, const struct di__yaml_index *index,
		      uint32_t node, struct di__yaml_faults *faults, struct di_argument *argument);

#endif
