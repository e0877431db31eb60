/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/served.h"

/*
 * A request as in the notes sample, whose program has put its configuration in the place of the
 * table's: its context, the user and the intent that routing finds, a
 * handler with a session of its own, and the outcome. Listing makes a query for the call besides.
 */

struct fixture {
	struct di_context *root;
	struct store *store;
	struct clock *clock;
};

static const struct served_config config = { .db.limit = 4 };
static const struct served_user user = { .number = 7 };

typedef enum di_status handler_fn(struct di_context *context, int *result, int number,
				  struct di_error *err);

static inline void serve(size_t count, const struct fixture *fixture, handler_fn *handler,
			 int writes)
{
	const struct intent intent = { .writes = writes };

	while (count-- > 0) {
		struct di_context *request =
			di_context_open(fixture->root, &di_scope_request, NULL);
		int result;

		served_user_put(request, &user, NULL);
		served_intent_put(request, &intent, NULL);
		handler(request, &result, user.number, NULL);
		di_context_close(request, result == 0 ? DI_DONE : DI_FAILED, NULL);
	}
}

static void serve_add(size_t count, void *data)
{
	serve(count, data, served_add, 1);
}

static void serve_list(size_t count, void *data)
{
	serve(count, data, served_list, 0);
}

static void hand_add(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		int result = add_by_hand(user.number, fixture->store, fixture->clock, &user);

		bench_keep(&result);
	}
}

static void hand_list(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		int result = list_by_hand(user.number, fixture->store, &user);

		bench_keep(&result);
	}
}

/* Each request commits, on both sides, and none has kept what it borrowed. */
static void check(struct fixture *fixture)
{
	serve_add(2, fixture);
	serve_list(3, fixture);
	hand_add(4, fixture);
	hand_list(5, fixture);
	bench_must(fixture->store->commits == 14 && fixture->store->idle == fixture->store->limit,
		   "a request has not done what it should");
}

int main(int argc, char **argv)
{
	static struct fixture fixture;
	const struct bench benches[] = {
		{ .name = "request of notes, adding",
		  .ours = serve_add,
		  .baseline = hand_add,
		  .data = &fixture,
		  .goal = { .instructions = 950 } },
		{ .name = "request of notes, listing",
		  .ours = serve_list,
		  .baseline = hand_list,
		  .data = &fixture,
		  .goal = { .instructions = 1800 } },
	};
	struct di_container *container = di_container_new(&served, NULL, NULL);
	int status;

	fixture.root = di_container_root(container);
	bench_must(served_config_override(fixture.root, &config, NULL) == DI_OK,
		   "the container could not be configured");
	fixture.store = served_store_get(fixture.root, NULL);
	fixture.clock = served_clock_get(fixture.root, NULL);
	bench_must(fixture.store != NULL && fixture.clock != NULL,
		   "the container could not be set up");
	check(&fixture);
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_container_free(container, NULL);
	return status;
}
