/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "di/di.h"

/*
 * What it costs that a value may come, or end, later, where it does so at once: the same rows,
 * asked for by a get that calls back, and by one that does not.
 */

struct node {
	int number;
};

static struct node node = { 1 };

/* clang-format off */
#define ASYNC(X) \
	X(factory,                bench_plain,   struct node, (plain_new),          di_keep) \
	X(async_factory,          bench_async,   struct node, (async_new),          di_keep) \
	X(factory,                bench_ended,   struct node, (plain_new),          plain_end) \
	X(async_factory,          bench_ending,  struct node, (ending_new),         async_end) \
	X(context_resource,       bench_page,    struct node, (plain_new),          di_keep, request) \
	X(async_context_resource, bench_session, struct node, (session_new),        di_keep, request) \
	X(async_context_resource, bench_user,    struct node, (user_new, bench_session), di_keep, request)
/* clang-format on */

DI_CONTAINER_DECLARE(async, ASYNC);

static int plain_new(struct node **out)
{
	*out = &node;
	return 0;
}

static int async_new(struct di_call *call)
{
	bench_async_complete(call, 0, &node);
	return DI_PENDING;
}

static int ending_new(struct di_call *call)
{
	bench_ending_complete(call, 0, &node);
	return DI_PENDING;
}

static int session_new(struct di_call *call)
{
	bench_session_complete(call, 0, &node);
	return DI_PENDING;
}

static int user_new(struct di_call *call, struct node *session)
{
	bench_user_complete(call, 0, session);
	return DI_PENDING;
}

static void plain_end(struct node *ended)
{
	bench_keep(ended);
}

static int async_end(struct di_call *call, struct node *ended)
{
	bench_keep(ended);
	di_call_end(call, 0);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(async, ASYNC);

static void take(void *data, struct node *made, const struct di_error *error)
{
	(void)error;
	*(struct node **)data = made;
}

static void ask(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0) {
		struct node *made = NULL;

		bench_async_get_async(root, take, &made, NULL);
		bench_keep(&made);
		bench_async_drop(root, made, NULL);
	}
}

static void get(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0) {
		struct node *made = bench_plain_get(root, NULL);

		bench_keep(&made);
		bench_plain_drop(root, made, NULL);
	}
}

static void done(void *data, enum di_status status, const struct di_error *error)
{
	(void)error;
	*(enum di_status *)data = status;
}

static void ask_and_end(size_t count, void *data)
{
	struct di_context *root = data;
	enum di_status status;

	while (count-- > 0) {
		struct node *made = NULL;

		bench_ending_get_async(root, take, &made, NULL);
		bench_keep(&made);
		di_context_drop_async(root, &bench_ending, made, done, &status, NULL);
		bench_keep(&status);
	}
}

static void get_and_end(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0) {
		struct node *made = bench_ended_get(root, NULL);

		bench_keep(&made);
		bench_ended_drop(root, made, NULL);
	}
}

static void ask_in_request(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0) {
		struct di_context *request = di_context_open(root, &di_scope_request, NULL);
		struct node *made = NULL;

		bench_session_get_async(request, take, &made, NULL);
		bench_keep(&made);
		di_context_close(request, DI_DONE, NULL);
	}
}

static void get_in_request(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0) {
		struct di_context *request = di_context_open(root, &di_scope_request, NULL);
		struct node *made = bench_page_get(request, NULL);

		bench_keep(&made);
		di_context_close(request, DI_DONE, NULL);
	}
}

/* What is there. */
static void ask_again(size_t count, void *data)
{
	struct di_context *request = di_context_open(data, &di_scope_request, NULL);
	struct node *made = NULL;

	bench_user_get_async(request, take, &made, NULL);
	while (count-- > 0) {
		bench_user_get_async(request, take, &made, NULL);
		bench_keep(&made);
	}
	di_context_close(request, DI_DONE, NULL);
}

static void get_again(size_t count, void *data)
{
	struct di_context *request = di_context_open(data, &di_scope_request, NULL);

	while (count-- > 0) {
		struct node *made = di_resolve(request, NULL, &bench_page);

		bench_keep(&made);
	}
	di_context_close(request, DI_DONE, NULL);
}

int main(int argc, char **argv)
{
	struct di_container *container = di_container_new(&async, NULL, NULL);
	const struct bench benches[] = {
		{ .name = "product that comes at once, made and dropped",
		  .ours = ask,
		  .baseline = get,
		  .data = di_container_root(container),
		  .goal = { .ratio = 2 } },
		{ .name = "product that comes and ends at once, made and dropped",
		  .ours = ask_and_end,
		  .baseline = get_and_end,
		  .data = di_container_root(container),
		  .goal = { .ratio = 2 } },
		{ .name = "context with a value that comes at once",
		  .ours = ask_in_request,
		  .baseline = get_in_request,
		  .data = di_container_root(container),
		  .goal = { .ratio = 2 } },
		{ .name = "value that is there, asked for with a callback",
		  .ours = ask_again,
		  .baseline = get_again,
		  .against = "by library call",
		  .data = di_container_root(container) },
	};
	int status;

	bench_must(container != NULL, "the container could not be set up");
	ask(1, di_container_root(container));
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_container_free(container, NULL);
	return status;
}
