/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <string.h>

/*
 * The check of a builder: rows one by one in the order in which they were added, then what only all
 * of them show together.
 */

enum {
	BUDGET = 100000 /* names compared to find what was meant: it takes some milliseconds */
};

static enum di_status ready_order(struct di_builder *builder)
{
	uint32_t room = builder->count + builder->count / 2 + 1;

	if (builder->order != NULL && builder->order_room >= builder->count)
		return DI_OK;
	builder->order = di__pool_array(&builder->pool, room, sizeof(struct di__built_row *));
	builder->order_room = builder->order != NULL ? room : 0;
	return builder->order != NULL ? DI_OK : DI_ENOMEM;
}

/* ---- Scopes. ---- */

static int is_taken(const struct di__made_scope *scope)
{
	return strcmp(scope->scope.name, di_scope_none.name) == 0 ||
	       (scope->name->scope != NULL && scope->name->scope != &scope->scope);
}

static void check_scopes(struct di_builder *builder)
{
	struct di__made_scope *scope;

	for (scope = builder->scopes; scope != NULL; scope = scope->next) {
		if (!scope->name->is_identifier)
			di__report_scope(builder, DI_FAULT_NAME, scope,
					 "the scope %s: a name has letters, digits and _, and no "
					 "digit in front",
					 scope->scope.name);
		if (is_taken(scope))
			di__report_scope(builder, DI_FAULT_DUPLICATE, scope,
					 "there is another scope %s", scope->scope.name);
		else
			scope->name->scope = &scope->scope;
		if (scope->scope.rank < 2 || scope->scope.rank > 299)
			di__report_scope(builder, DI_FAULT_SCOPE, scope,
					 "the scope %s has the rank %d; ranks are from 2 to 299",
					 scope->scope.name, scope->scope.rank);
	}
}

/* The scopes of the rows that have been checked. */
struct counted {
	const struct di_scope *scopes[DI__SCOPES_MAX];
	uint32_t count;
};

static int is_among(const struct di_scope *const *scopes, uint32_t count,
		    const struct di_scope *scope)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (scopes[i] == scope)
			return 1;
	}
	return 0;
}

/* A container can tell so many apart, those of the containers that it connects included. */
static void count_scope(struct di_builder *builder, struct counted *counted,
			const struct di__built_row *row)
{
	if (row->found_scope == NULL || counted->count > DI__SCOPES_MAX ||
	    is_among(counted->scopes, counted->count, row->found_scope))
		return;
	if (counted->count == DI__SCOPES_MAX)
		di__report(builder, DI_FAULT_LIMIT, row, DI_PART_SCOPE, 0,
			   "%s uses more than %d scopes", builder->name, DI__SCOPES_MAX);
	else
		counted->scopes[counted->count] = row->found_scope;
	counted->count++;
}

/* ---- All. ---- */

static enum di_status check(struct di_builder *builder)
{
	struct counted counted = { .count = 0 };
	struct di__built_row *row;

	if (ready_order(builder) != DI_OK || di__check_types(builder) != DI_OK)
		return DI_ENOMEM;
	check_scopes(builder);
	for (row = builder->first; row != NULL; row = row->next) {
		if (di__check_row(builder, row) != DI_OK)
			return DI_ENOMEM;
		count_scope(builder, &counted, row);
	}
	di__check_cycles(builder);
	di__check_lives(builder);
	return builder->is_out_of_memory ? DI_ENOMEM : DI_OK;
}

enum di_status di_builder_check(struct di_builder *builder, struct di_error *err)
{
	enum di_status status;

	if (builder == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no builder");
	builder->error = (struct di_error){ 0 };
	builder->faults = 0;
	builder->budget = BUDGET;
	builder->checks++;
	builder->is_checked = builder->is_out_of_memory = 0;
	status = check(builder);
	if (status != DI_OK)
		return di__fail(err, DI_ENOMEM, NULL, "for the check of %s", builder->name);
	builder->is_checked = 1;
	if (builder->faults == 0)
		return DI_OK;
	if (err != NULL)
		*err = builder->error;
	return builder->error.status;
}
