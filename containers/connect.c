/* SPDX-License-Identifier: MIT */
#include "containers/connect.h"

/*
 * A container that is connected is, for who connects it, like a context with an open child: it is
 * neither freed, nor is anything reset or overridden in its root. What is overridden there before
 * stays so.
 */

static struct di_container *instance_of(const struct di_options *options,
					const struct di_table *table)
{
	size_t i;

	for (i = 0; i < options->connected_count; i++) {
		if (options->connected[i]->table == table)
			return options->connected[i];
	}
	return NULL;
}

static int connects(const struct di_table *table, const struct di_table *other)
{
	uint32_t i;

	for (i = 0; i < table->connects_count; i++) {
		if (table->connects[i] == other)
			return 1;
	}
	return 0;
}

static enum di_status check_given(const struct di_table *table, const struct di_options *options,
				  struct di_error *err)
{
	size_t i, k;

	if (options->connected == NULL && options->connected_count > 0)
		return di__misuse(err, DI_EINVAL, NULL,
				  "the options count what they do not list: connected is NULL");
	for (i = 0; i < options->connected_count; i++) {
		const struct di_container *given = options->connected[i];

		if (given == NULL)
			return di__misuse(err, DI_EINVAL, NULL, "connected[%zu] is NULL", i);
		if (!connects(table, given->table))
			return di__misuse(err, DI_EINVAL, NULL,
					  "connected[%zu] is of %s, which %s does not connect", i,
					  given->table->name, table->name);
		for (k = 0; k < i; k++) {
			if (options->connected[k]->table == given->table)
				return di__misuse(
					err, DI_EINVAL, NULL,
					"connected[%zu] and connected[%zu] are both of %s", k, i,
					given->table->name);
		}
	}
	return DI_OK;
}

static enum di_status check_wanted(const struct di_table *table, const struct di_options *options,
				   struct di_error *err)
{
	uint32_t i;

	for (i = 0; i < table->connects_count; i++) {
		const struct di_table *wanted = table->connects[i];

		if (wanted->abi != DI_ABI || wanted->provider_size != sizeof(struct di_provider))
			return di__misuse(
				err, DI_EABI, NULL,
				"%s connects %s, whose table has abi %u and rows of %u bytes, "
				"the library %d and %zu",
				table->name, wanted->name, (unsigned)wanted->abi,
				(unsigned)wanted->provider_size, DI_ABI,
				sizeof(struct di_provider));
		if (instance_of(options, wanted) == NULL)
			return di__misuse(err, DI_EINVAL, NULL,
					  "%s connects %s: the options need a container of it",
					  table->name, wanted->name);
	}
	return DI_OK;
}

/* What a connects and b connects may be the same containers, or of different tables. */
static enum di_status check_pair(const struct di_container *a, const struct di_container *b,
				 struct di_error *err)
{
	uint32_t i, k;

	for (i = 0; i <= a->parts_count; i++) {
		const struct di_container *one = i < a->parts_count ? a->parts[i].container : a;

		for (k = 0; k <= b->parts_count; k++) {
			const struct di_container *other =
				k < b->parts_count ? b->parts[k].container : b;

			if (one != other && one->table == other->table)
				return di__misuse(
					err, DI_EINVAL, NULL,
					"there are two containers of %s: by way of %s and of %s",
					one->table->name, a->table->name, b->table->name);
		}
	}
	return DI_OK;
}

enum di_status di__connect_check(const struct di_table *table, const struct di_options *options,
				 struct di_error *err)
{
	enum di_status status = check_given(table, options, err);
	size_t i, k;

	if (status == DI_OK)
		status = check_wanted(table, options, err);
	for (i = 0; i < options->connected_count && status == DI_OK; i++) {
		for (k = 0; k < i && status == DI_OK; k++)
			status = check_pair(options->connected[k], options->connected[i], err);
	}
	return status;
}

/* How many parts there are at most: what two of them connect stands there once. */
static size_t count_parts(const struct di_options *options)
{
	size_t i, count = options->connected_count;

	for (i = 0; i < options->connected_count; i++)
		count += options->connected[i]->parts_count;
	return count;
}

size_t di__connect_size(const struct di_table *table, const struct di_options *options,
			uint32_t *rows)
{
	size_t i;

	for (i = 0; i < options->connected_count; i++)
		*rows += options->connected[i]->rows;
	return count_parts(options) * sizeof(struct di__part) +
	       table->connects_count * sizeof(struct di__connection);
}

static void add_part(struct di_container *container, struct di_container *added)
{
	struct di__part *part = &container->parts[container->parts_count];
	uint32_t i;

	for (i = 0; i < container->parts_count; i++) {
		if (container->parts[i].container == added)
			return;
	}
	part->container = added;
	part->first = container->rows;
	container->rows += added->table->count;
	container->parts_count++;
}

void *di__connect_place(struct di_container *container, const struct di_options *options,
			void *memory)
{
	const struct di_table *table = container->table;
	uint32_t i, k;

	container->parts = memory;
	container->connections = (void *)(container->parts + count_parts(options));
	container->connections_count = table->connects_count;
	for (i = 0; i < table->connects_count; i++) {
		struct di_container *connected = instance_of(options, table->connects[i]);

		if (connected == NULL) /* which has been checked */
			continue;
		container->connections[i].user = container;
		container->connections[i].connected = connected;
		for (k = 0; k < connected->parts_count; k++)
			add_part(container, connected->parts[k].container);
		add_part(container, connected);
	}
	return container->connections + table->connects_count;
}

static enum di_status link_to(struct di__connection *connection, struct di_flow *flow,
			      struct di_error *err)
{
	struct di_container *connected = connection->connected;
	int is_open;

	di__lock_context(connected->root, flow);
	is_open = connected->root->state == DI__OPEN;
	if (is_open) {
		connection->next = connected->users;
		DI__STORE(connected->users, connection);
	}
	di__unlock_context(connected->root, flow);
	if (is_open)
		return DI_OK;
	return di__fail(
		err, DI_EBUSY, NULL,
		"the container of %s, which %s connects, is being reset, overridden or freed",
		connected->table->name, connection->user->table->name);
}

static void unlink_from(struct di__connection *connection, struct di_flow *flow)
{
	struct di_container *connected = connection->connected;
	struct di__connection **at = &connected->users;

	di__lock_context(connected->root, flow);
	while (*at != connection)
		at = &(*at)->next;
	DI__STORE(*at, connection->next);
	di__unlock_context(connected->root, flow);
}

enum di_status di__connect_all(struct di_container *container, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = DI_OK;
	uint32_t i;

	for (i = 0; i < container->connections_count && status == DI_OK; i++)
		status = link_to(&container->connections[i], flow, err);
	if (status == DI_OK)
		return DI_OK;
	for (i--; i > 0; i--)
		unlink_from(&container->connections[i - 1], flow);
	return status;
}

void di__disconnect_all(struct di_container *container)
{
	struct di_flow *flow = di__flow_get();
	uint32_t i;

	for (i = container->connections_count; i > 0; i--)
		unlink_from(&container->connections[i - 1], flow);
}

uint8_t di__connect_overridden(const struct di_container *container)
{
	uint32_t i;

	for (i = 0; i < container->parts_count; i++) {
		if (DI__LOAD_RELAXED(container->parts[i].container->root->overridden))
			return 1;
	}
	return 0;
}

enum di_status di__connect_refuse_free(struct di_container *container, uint32_t getting,
				       struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	const struct di_table *user;

	di__lock_context(container->root, flow);
	user = container->users != NULL ? container->users->user->table : NULL;
	di__unlock_context(container->root, flow);
	if (user != NULL)
		return di__fail(err, DI_EBUSY, NULL,
				"%s, which is alive, connects the container of %s", user->name,
				container->table->name);
	if (getting > 0)
		return di__fail(err, DI_EBUSY, NULL,
				"%u gets, closes or handlers of the container of %s have not "
				"called back, or captures of its contexts are not freed",
				(unsigned)getting, container->table->name);
	if (DI__LOAD(container->asking) == 0)
		return DI_OK;
	return di__fail(err, DI_EBUSY, NULL,
			"a value of a container that %s connects is being asked for",
			container->table->name);
}
