/* SPDX-License-Identifier: MIT */
#include "di/home.h"

#include "tests/di/two_worlds.h"

/*
 * The same random rows in two containers, of which one has an observer: there nothing is made
 * directly. Whatever is done, by constructors too and by another thread, must have the same effects
 * in the same order.
 *
 * DI_DIRECT_CASES=n runs that many, from DI_DIRECT_FIRST=n on.
 */

enum {
	STEPS = 40,
	CASES = 2500,
	CASES_QUICK = 20
};

/* ---- Steps ---- */

static void complete(void)
{
	struct di_call *call;
	const struct di_entry *entry;
	void *value = NULL;
	int i;

	if (now->pending_count == 0)
		return;
	call = now->pending[0];
	now->pending_count--;
	for (i = 0; i < now->pending_count; i++)
		now->pending[i] = now->pending[i + 1];
	entry = call->entry;
	if (below(6) > 0)
		value = new_value((int)entry->provider->index, entry->args);
	note("complete: %s\n", di_status_name(di__call_complete(call, entry->provider,
								value != NULL ? 0 : EIO, value)));
}

static void open_one(void)
{
	static const struct di_scope *const scopes[] = { &di_scope_request, &di_scope_request,
							 &di_scope_job, &di_scope_inject,
							 &di_scope_none };
	const struct di_provider *afresh = any_row();
	int at = below(CONTEXTS), is_afresh = afresh->kind->home == DI_HOME_SCOPE &&
					      afresh->kind->given == NULL && below(3) == 0;
	struct di_context *parent = any_context();
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = scopes[below(5)],
					      .afresh = &afresh,
					      .afresh_count = (size_t)is_afresh };

	if (now->contexts[at] != NULL)
		return;
	note("open c%d, %s, in c%d\n", at, options.scope->name, number_of_context(parent));
	now->contexts[at] = is_afresh ? di_context_open_with(parent, &options, NULL)
				      : di_context_open(parent, options.scope, NULL);
}

static void reset(void)
{
	struct di_context *context = any_context();
	const struct di_provider *provider = any_row();
	struct di_error err;

	/* What does not live there is a mistake. */
	if (provider->kind->given != NULL || di__home(context, provider, &err) != context)
		return;
	note("reset r%u in c%d\n", provider->index, number_of_context(context));
	note("  is %s\n", di_status_name(di_reset(context, provider, NULL)));
}

static void drop(void)
{
	struct value *value = now->values_count > 0 ? &now->values[below(now->values_count)] : NULL;
	const struct di_provider *provider;

	if (value == NULL || !value->alive || number_of_context(value->home) < 0)
		return;
	provider = &now->providers[value->row];
	/* Of what has no end it is not known whether it has ended. */
	if (provider->kind != &di_factory || provider->destroy == NULL)
		return;
	note("drop #%d\n", number_of(value));
	note("  is %s\n", di_status_name(di_context_drop(value->home, provider, value, NULL)));
}

static void *resolve_there(void *data)
{
	now->elsewhere = 1;
	resolve();
	now->elsewhere = 0;
	return data;
}

static void take_step(int what)
{
	switch (what) {
	case 0:
	case 1:
	case 2:
		open_one();
		break;
	case 3:
		close_one();
		break;
	case 4:
		override();
		break;
	case 5:
		put();
		break;
	case 6:
		reset();
		break;
	case 7:
		drop();
		break;
	case 8:
		if (below(3) == 0)
			thread_join(thread_start(resolve_there, NULL, 0));
		break;
	case 9:
		leave_down_to(0);
		break;
	case 10:
		complete();
		break;
	case 11:
		get();
		break;
	default:
		resolve();
		break;
	}
}

/* ---- Rows ---- */

static const struct {
	const struct di_kind *kind;
	const struct di_scope *scope;
	int reach; /* rank of the longest life it may hold */
} forms[] = {
	{ &di_singleton, NULL, 0 },
	{ &di_singleton, NULL, 0 },
	{ &di_context_resource, &di_scope_app, 0 },
	{ &di_context_resource, &di_scope_request, 100 },
	{ &di_context_resource, &di_scope_request, 100 },
	{ &di_context_resource, &di_scope_job, 150 },
	{ &di_context_resource, &di_scope_job, 150 },
	{ &di_context_resource, &di_scope_inject, 200 },
	{ &di_strict_context_resource, &di_scope_request, 100 },
	{ &di_context_resource, &di_scope_any, 300 },
	{ &di_factory, NULL, 300 },
	{ &di_factory, NULL, 300 },
	{ &di_state, &di_scope_request, 100 },
	{ &di_thread_singleton, &di__scope_thread, di__scope_thread__rank },
	{ &di_async_context_resource, &di_scope_request, 100 },
};

static const struct di_async async = { .begin = begin_making };
static const struct di_kind *const rare[] = { &di_thread_singleton, &di_async_context_resource };

static int is_rare(const struct di_kind *kind)
{
	return kind == rare[0] || kind == rare[1];
}

/* Both worlds draw the same. */
static void draw_row(int row, int with_rare)
{
	static const struct di_type type = { 0, "struct value", 0 };
	struct di_provider *provider = &now->providers[row];
	int form, i;

	do
		form = below((int)(sizeof(forms) / sizeof(forms[0])));
	while (!with_rare && is_rare(forms[form].kind));
	*provider = (struct di_provider){ .name = "row", .table = &now->table, .type = &type };
	provider->kind = forms[form].kind;
	provider->scope = forms[form].scope;
	provider->index = (uint32_t)row;
	provider->lane =
		(uint32_t)(provider->kind->home == DI_HOME_ROOT ? offsetof(struct di__lane, root)
								: offsetof(struct di__lane, own));
	provider->needs = now->needs[row];
	provider->constructor = provider->destructor = "";
	provider->life = provider->scope != NULL ? (uint16_t)forms[form].reach : 0;
	now->listed[row] = provider;
	now->table.threads |= provider->kind == &di_thread_singleton;
	if (provider->kind == &di_state)
		return;
	now->needs[row][provider->needs_count++] = &di__context;
	for (i = 0; i < 3 && provider->needs_count < 3 && row > 0; i++) {
		const struct di_provider *need = now->listed[below(row)];

		if (need->life > forms[form].reach)
			continue;
		now->needs[row][provider->needs_count++] = need;
		if (provider->kind == &di_factory && need->life > provider->life)
			provider->life = need->life;
	}
	provider->destroy = below(8) > 0 ? destroy : NULL;
	if (provider->kind->async)
		provider->object = &async;
	else
		provider->create = create;
}

static void ignore(void *data, const struct di_event *event)
{
	(void)data;
	(void)event;
}

static void begin(uint64_t seed, int is_observed)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int row, with_rare;

	memset(now, 0, sizeof(*now));
	now->seed = seed;
	now->table = (struct di_table){ .abi = DI_ABI,
					.provider_size = sizeof(struct di_provider),
					.name = "table",
					.providers = now->listed,
					.count = ROWS };
	with_rare = below(2);
	for (row = 0; row < ROWS; row++)
		draw_row(row, with_rare);
	if (is_observed)
		options.observer.observe = ignore;
	now->container = di_container_new(&now->table, &options, NULL);
	ck_assert_ptr_nonnull(now->container);
	now->contexts[0] = di_container_root(now->container);
	while (below(2) == 0)
		override();
}

static void end(void)
{
	int i;

	while (now->pending_count > 0)
		complete();
	while (now->entered_count > 0)
		leave_down_to(0);
	note("free\n");
	note("  is %s\n", di_status_name(di_container_free(now->container, NULL)));
	for (i = 0; i < now->values_count; i++) {
		if (now->values[i].alive && now->providers[now->values[i].row].destroy != NULL)
			note("left: #%d\n", i);
	}
}

/* ---- Comparing ---- */

static void note_contexts(void)
{
	int i;

	for (i = 0; i < CONTEXTS; i++) {
		const struct di_context *at = now->contexts[i];

		if (at != NULL)
			note("c%d: making %u, calls %u, idle %u, held %u, entered %u, %s\n", i,
			     at->making, at->calls, at->idle, at->held, at->entered,
			     at->lane.table != NULL ? "seen" : "not seen");
	}
	if (di__flow_get()->run != NULL)
		note("still in a constructor\n");
}

/* From the first line that differs, with what led to it. */
static void compare(unsigned number)
{
	const char *directly = worlds[0].text, *with_care = worlds[1].text;
	int same = 0, from;

	while (directly[same] != '\0' && directly[same] == with_care[same])
		same++;
	from = same > 3000 ? same - 3000 : 0;
	ck_assert_msg(directly[same] == with_care[same],
		      "case %u: %.*s\n---- directly\n%.300s\n---- with care\n%.300s", number,
		      same - from, directly + from, directly + same, with_care + same);
	ck_assert_msg(strstr(directly, "DEAD") == NULL, "case %u: %s", number, directly);
	ck_assert_int_lt(worlds[0].length, LARGEST - 1);
}

/* One after the other, for a flow leaves what it has entered in order. */
static void run_case(unsigned number)
{
	int i, step;

	for (i = 0; i < 2; i++) {
		uint64_t seed = UINT64_C(0x9e3779b97f4a7c15) * (number + 1);

		now = &worlds[i];
		begin(seed, i);
		for (step = 0; step < STEPS; step++) {
			int what = (int)(random_next(&seed) % 18);

			now->seed = seed + 1;
			take_step(what);
			note_contexts();
		}
		end();
	}
	compare(number);
}

START_TEST(what_is_made_directly_is_as_what_is_made_with_care)
{
	unsigned cases = di_check_number("DI_DIRECT_CASES", di_check_quick() ? CASES_QUICK : CASES);
	unsigned first = di_check_number("DI_DIRECT_FIRST", 0), i;

	for (i = first; i < first + cases; i++)
		run_case(i);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct_model");
	TCase *tcase = tcase_create("two worlds");

	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, what_is_made_directly_is_as_what_is_made_with_care);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
