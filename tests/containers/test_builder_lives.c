/* SPDX-License-Identifier: MIT */
#include "tests/containers/faulty.h"

/* Scopes, cycles and rows that would outlive what they need, and what is said of them. */

/* ---- Scopes. ---- */

START_TEST(unknown_scopes_are_told_with_the_nearest)
{
	expect_ok(di_builder_new_scope(builder, "batch", 50, NULL, &error));
	ROW("state", "a", .type = "struct part", .scope = "requset");
	ROW("state", "b", .type = "struct part", .scope = "bacth");
	ROW("state", "c", .type = "struct part", .scope = "none");
	MADE("context_resource", "d", pool, .scope = "any", .strict = 1);
	built_expect("a(0) SCOPE scope: there is no scope requset; did you mean "
		     "request?\n"
		     "b(1) SCOPE scope: there is no scope bacth; did you mean batch?\n"
		     "c(2) SCOPE scope: none is a scope of contexts, no row lives in it\n"
		     "d(3) SCOPE scope: any is whatever context is innermost, strict can be only "
		     "one scope\n");
}
END_TEST

START_TEST(a_strict_kind_is_of_one_scope_however_it_is_named)
{
	ROW(NULL, "a", .kind = &di_strict_context_resource, .constructor = "pool_new",
	    .destructor = "pool_end", .scope = "any");
	ROW(NULL, "b", .kind = &di_strict_async_context_resource, .constructor = "slow_new",
	    ARGUMENTS(NEED("c")), .destructor = "slow_end", .scope = "any");
	ROW(NULL, "c", .kind = &di_strict_context_resource, .constructor = "pool_new",
	    .destructor = "pool_end", .scope = "request");
	built_expect("a(0) SCOPE scope: any is whatever context is innermost, strict can be only "
		     "one scope\n"
		     "b(1) SCOPE scope: any is whatever context is innermost, strict can be only "
		     "one scope\n");
}
END_TEST

START_TEST(scopes_of_the_builders_own_are_checked)
{
	expect_ok(di_builder_new_scope(builder, "a-b", 50, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "app", 50, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "late", 300, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "late", 3, NULL, &error));
	expect_ok(di_builder_new_scope(builder, "early", 1, NULL, &error));
	built_expect(" NAME scope: the scope a-b: a name has letters, digits and _, and no digit "
		     "in front\n"
		     " DUPLICATE scope: there is another scope app\n"
		     " SCOPE scope: the scope late has the rank 300; ranks are from 2 to 299\n"
		     " DUPLICATE scope: there is another scope late\n"
		     " SCOPE scope: the scope early has the rank 1; ranks are from 2 to 299\n");
}
END_TEST

START_TEST(a_container_has_at_most_32_scopes)
{
	char name[16];

	for (int i = 1; i < 34; i++) {
		snprintf(name, sizeof(name), "s%d", i);
		expect_ok(di_builder_new_scope(builder, name, i + 1, NULL, &error));
		ROW("state", name, .type = "struct part", .scope = name);
	}
	built_expect("s33(32) LIMIT scope: app uses more than 32 scopes\n");
}
END_TEST

/* ---- Cycles. ---- */

START_TEST(cycles_are_told_with_their_path)
{
	MADE("singleton", "a", store, ARGUMENTS(NEED("b")));
	MADE("singleton", "b", store, ARGUMENTS(NEED("a")));
	MADE("singleton", "c", session, ARGUMENTS(NEED("a"), NEED("c")));
	MADE("factory", "d", store, ARGUMENTS(NEED("e")));
	MADE("factory", "e", store, ARGUMENTS(NEED("f")));
	ROW("selector", "f", .always = "d", MEMBERS(KEYED("d", "d")));
	built_expect("b(1) CYCLE argument 0: it needs itself: a <- b <- a\n"
		     "c(2) CYCLE argument 1: it needs itself: c <- c\n"
		     "f(5) CYCLE member 0: it needs itself: d <- f <- e <- d\n");
}
END_TEST

START_TEST(long_cycles_keep_both_ends)
{
	char name[16], need[16];

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "n%d", i);
		snprintf(need, sizeof(need), "n%d", (i + 1) % 100);
		MADE("singleton", name, store, ARGUMENTS(NEED(need)));
	}
	built_expect("n99(99) CYCLE argument 0: it needs itself: n0 <- n99 <- n98 <- n97 <- n96 <- "
		     "n95 <- n94 <- n93 <- n92 <- ... 89 more ... <- n2 <- n1 <- n0\n");
}
END_TEST

START_TEST(a_lazy_closes_no_cycle_but_with_itself)
{
	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("pool")));
	MADE("singleton", "pool", pool, NOTHING);
	ROW("lazy", "self", .type = "struct later", .scope = "app", MEMBERS(MEMBER("self")));
	built_expect("self(2) TYPE member 0: it leads to a struct part, and self provides a const "
		     "struct later\n"
		     "self(2) CYCLE member 0: it leads to itself\n");
}
END_TEST

/* ---- Lives. ---- */

START_TEST(rows_that_would_outlive_what_they_need_are_told)
{
	MADE("context_resource", "session", pool, .scope = "request");
	MADE("context_resource", "call", pool, .scope = "inject");
	MADE("singleton", "pool", store, ARGUMENTS(NEED("session")));
	MADE("context_resource", "view", store, .scope = "request", ARGUMENTS(NEED("call")));
	MADE("context_resource", "fine", store, .scope = "any", ARGUMENTS(NEED("call")));
	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("session")));
	built_expect("pool(2) CAPTIVE argument 0: of scope app, it would outlive session of scope "
		     "request\n"
		     "view(3) CAPTIVE argument 0: of scope request, it would outlive call of scope "
		     "inject\n"
		     "lazy(5) CAPTIVE member 0: of scope app, it would outlive session of scope "
		     "request\n");
}
END_TEST

START_TEST(a_singleton_would_outlive_what_is_one_for_each_thread)
{
	ROW("thread_singleton", "mine", .constructor = "pool_new", .destructor = "pool_end");
	ROW("singleton", "ours", .constructor = "store_new", ARGUMENTS(NEED("mine")),
	    .destructor = "store_end");
	built_expect("ours(1) CAPTIVE argument 0: of scope app, it would outlive mine of scope "
		     "thread\n");
}
END_TEST

START_TEST(the_way_through_what_passes_a_life_on_is_told)
{
	MADE("context_resource", "session", pool, .scope = "request");
	MADE("factory", "query", store, ARGUMENTS(NEED("session")));
	ROW("selector", "one", .always = "a", MEMBERS(KEYED("a", "query")));
	ROW("list", "all", .type = "struct parts", MEMBERS(MEMBER("one")));
	ROW("lazy", "lazy", .type = "struct later", .scope = "app", MEMBERS(MEMBER("one")));
	MADE("singleton", "cache", store, ARGUMENTS(NEED("one")));
	built_expect("cache(5) CAPTIVE argument 0: of scope app, it would outlive session of scope "
		     "request: session <- query <- one <- cache\n"
		     "lazy(4) CAPTIVE member 0: of scope app, it would outlive session of scope "
		     "request: session <- query <- one <- lazy\n");
}
END_TEST

START_TEST(long_ways_keep_both_ends)
{
	char name[16], need[16] = "session";

	MADE("context_resource", "session", pool, .scope = "request");
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		MADE("factory", name, store, ARGUMENTS(NEED(need)));
		strcpy(need, name);
	}
	MADE("singleton", "cache", store, ARGUMENTS(NEED(need)));
	built_expect("cache(21) CAPTIVE argument 0: of scope app, it would outlive session of "
		     "scope request: session <- ... 12 more ... <- f12 <- f13 <- f14 <- f15 <- f16 "
		     "<- f17 <- f18 <- f19 <- cache\n");
}
END_TEST

/* clang-format off */
#define LIVES(X) \
	X(context_resource, lives_session, struct part, (pool_new), pool_end, request) \
	X(factory,          lives_query,   struct part, (store_new, lives_session), store_end)
/* clang-format on */
DI_CONTAINER_DECLARE(lives, LIVES);
DI_CONTAINER_DEFINE(lives, LIVES);

START_TEST(lives_of_connected_rows_count)
{
	expect_ok(di_builder_connect(builder, &lives, &error));
	MADE("singleton", "a", store, ARGUMENTS(NEED("lives_query")));
	built_expect("a(0) CAPTIVE argument 0: of scope app, it would outlive lives_query of scope "
		     "request\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("containers/builder lives");
	TCase *tcase = tcase_create("lives");

	tcase_add_checked_fixture(tcase, begin, built_end);
	tcase_add_test(tcase, unknown_scopes_are_told_with_the_nearest);
	tcase_add_test(tcase, a_strict_kind_is_of_one_scope_however_it_is_named);
	tcase_add_test(tcase, scopes_of_the_builders_own_are_checked);
	tcase_add_test(tcase, a_container_has_at_most_32_scopes);
	tcase_add_test(tcase, cycles_are_told_with_their_path);
	tcase_add_test(tcase, long_cycles_keep_both_ends);
	tcase_add_test(tcase, a_lazy_closes_no_cycle_but_with_itself);
	tcase_add_test(tcase, rows_that_would_outlive_what_they_need_are_told);
	tcase_add_test(tcase, a_singleton_would_outlive_what_is_one_for_each_thread);
	tcase_add_test(tcase, the_way_through_what_passes_a_life_on_is_told);
	tcase_add_test(tcase, long_ways_keep_both_ends);
	tcase_add_test(tcase, lives_of_connected_rows_count);
	suite_add_tcase(s, tcase);
	return s;
}

int main(void)
{
	return di_check_run(suite());
}
