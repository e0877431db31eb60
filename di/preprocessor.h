/* SPDX-License-Identifier: MIT */
#ifndef DI_PREPROCESSOR_H
#define DI_PREPROCESSOR_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * What the table macros need of the preprocessor: pasting, counting, choosing, repeating. ISO C11,
 * and nothing here knows of tables. Lists have one to ten elements; a longer one counts as `many`.
 */

#include "di/compiler.h"

/* clang-format off */

#define DI__EMPTY()
#define DI__EXPAND(...) __VA_ARGS__
#define DI__APPLY(macro_, ...) macro_(__VA_ARGS__)
#define DI__CAT(a_, b_) DI__CAT_(a_, b_)
#define DI__CAT_(a_, b_) a_##b_
#define DI__CAT3(a_, b_, c_) DI__CAT3_(a_, b_, c_)
#define DI__CAT3_(a_, b_, c_) a_##b_##c_
#define DI__STRING(x_) DI__STRING_(x_)
#define DI__STRING_(x_) #x_

#define DI__FIRST(...) DI__FIRST_(__VA_ARGS__, ~)
#define DI__FIRST_(a_, ...) a_
#define DI__SECOND(...) DI__SECOND_(__VA_ARGS__, ~, ~)
#define DI__SECOND_(a_, b_, ...) b_

#define DI__COUNT(...)                                                                             \
	DI__COUNT_(__VA_ARGS__, many, many, many, many, many, many, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, ~)
#define DI__COUNT_(a_, b_, c_, d_, e_, f_, g_, h_, i_, j_, k_, l_, m_, n_, o_, p_, count_, ...) count_

/* DI__IF(1)(then, else): both are expanded, one is kept. */
#define DI__IF(condition_) DI__CAT(DI__IF_, condition_)
#define DI__IF_0(then_, else_) else_
#define DI__IF_1(then_, else_) then_

/* 1 where x_ stands in parentheses: a macro name before it then becomes a call, and its comma shows. */
#define DI__IS_PAREN(x_) DI__SECOND(DI__IS_PAREN_PROBE x_, 0)
#define DI__IS_PAREN_PROBE(...) ~, 1

/* 1 where a_ is b_, for the counts 0 to 10 and many. */
#define DI__EQUAL(a_, b_) DI__SECOND(DI__CAT3(DI__EQUAL_, a_, DI__CAT(_, b_)), 0)
#define DI__EQUAL_0_0 ~, 1
#define DI__EQUAL_1_1 ~, 1
#define DI__EQUAL_2_2 ~, 1
#define DI__EQUAL_3_3 ~, 1
#define DI__EQUAL_4_4 ~, 1
#define DI__EQUAL_5_5 ~, 1
#define DI__EQUAL_6_6 ~, 1
#define DI__EQUAL_9_9 ~, 1
#define DI__EQUAL_10_10 ~, 1
#define DI__EQUAL_many_many ~, 1

/* 1 where the count is more than eight. */
#define DI__IS_MORE(count_) DI__SECOND(DI__CAT(DI__IS_MORE_, count_), 0)
#define DI__IS_MORE_9 ~, 1
#define DI__IS_MORE_10 ~, 1
#define DI__IS_MORE_many ~, 1

/*
 * DI__NEEDS(M_, x_, (function, needs...)) is M_(x_, need, number) for each need, and nothing where there
 * are more than eight. DI__NEEDS_COMMA puts commas between.
 */
#define DI__NEEDS(M_, x_, call_) \
	DI__APPLY(DI__CAT(DI__NEEDS_, DI__COUNT call_), M_, x_, DI__EXPAND call_)
#define DI__NEEDS_COMMA(M_, x_, call_) \
	DI__APPLY(DI__CAT(DI__NEEDS_COMMA_, DI__COUNT call_), M_, x_, DI__EXPAND call_)
#define DI__NEEDS_1(M_, x_, f_)
#define DI__NEEDS_COMMA_1(M_, x_, f_)
#define DI__NEEDS_2(M_, x_, f_, n0_) M_(x_, n0_, 0)
#define DI__NEEDS_COMMA_2(M_, x_, f_, n0_) M_(x_, n0_, 0)
#define DI__NEEDS_3(M_, x_, f_, n0_, n1_) M_(x_, n0_, 0) M_(x_, n1_, 1)
#define DI__NEEDS_COMMA_3(M_, x_, f_, n0_, n1_) M_(x_, n0_, 0), M_(x_, n1_, 1)
#define DI__NEEDS_4(M_, x_, f_, n0_, n1_, n2_) M_(x_, n0_, 0) M_(x_, n1_, 1) M_(x_, n2_, 2)
#define DI__NEEDS_COMMA_4(M_, x_, f_, n0_, n1_, n2_) \
	M_(x_, n0_, 0), M_(x_, n1_, 1), M_(x_, n2_, 2)
#define DI__NEEDS_5(M_, x_, f_, n0_, n1_, n2_, n3_) \
	M_(x_, n0_, 0) M_(x_, n1_, 1) M_(x_, n2_, 2) M_(x_, n3_, 3)
#define DI__NEEDS_COMMA_5(M_, x_, f_, n0_, n1_, n2_, n3_) \
	M_(x_, n0_, 0), M_(x_, n1_, 1), M_(x_, n2_, 2), M_(x_, n3_, 3)
#define DI__NEEDS_6(M_, x_, f_, n0_, n1_, n2_, n3_, n4_) \
	M_(x_, n0_, 0) M_(x_, n1_, 1) M_(x_, n2_, 2) M_(x_, n3_, 3) M_(x_, n4_, 4)
#define DI__NEEDS_COMMA_6(M_, x_, f_, n0_, n1_, n2_, n3_, n4_) \
	M_(x_, n0_, 0), M_(x_, n1_, 1), M_(x_, n2_, 2), M_(x_, n3_, 3), M_(x_, n4_, 4)
#define DI__NEEDS_7(M_, x_, f_, n0_, n1_, n2_, n3_, n4_, n5_) \
	M_(x_, n0_, 0) M_(x_, n1_, 1) M_(x_, n2_, 2) M_(x_, n3_, 3) M_(x_, n4_, 4) \
	M_(x_, n5_, 5)
#define DI__NEEDS_COMMA_7(M_, x_, f_, n0_, n1_, n2_, n3_, n4_, n5_) \
	M_(x_, n0_, 0), M_(x_, n1_, 1), M_(x_, n2_, 2), M_(x_, n3_, 3), M_(x_, n4_, 4), \
	M_(x_, n5_, 5)
#define DI__NEEDS_8(M_, x_, f_, n0_, n1_, n2_, n3_, n4_, n5_, n6_) \
	M_(x_, n0_, 0) M_(x_, n1_, 1) M_(x_, n2_, 2) M_(x_, n3_, 3) M_(x_, n4_, 4) \
	M_(x_, n5_, 5) M_(x_, n6_, 6)
#define DI__NEEDS_COMMA_8(M_, x_, f_, n0_, n1_, n2_, n3_, n4_, n5_, n6_) \
	M_(x_, n0_, 0), M_(x_, n1_, 1), M_(x_, n2_, 2), M_(x_, n3_, 3), M_(x_, n4_, 4), \
	M_(x_, n5_, 5), M_(x_, n6_, 6)
#define DI__NEEDS_9(M_, x_, f_, n0_, n1_, n2_, n3_, n4_, n5_, n6_, n7_) \
	M_(x_, n0_, 0) M_(x_, n1_, 1) M_(x_, n2_, 2) M_(x_, n3_, 3) M_(x_, n4_, 4) \
	M_(x_, n5_, 5) M_(x_, n6_, 6) M_(x_, n7_, 7)
#define DI__NEEDS_COMMA_9(M_, x_, f_, n0_, n1_, n2_, n3_, n4_, n5_, n6_, n7_) \
	M_(x_, n0_, 0), M_(x_, n1_, 1), M_(x_, n2_, 2), M_(x_, n3_, 3), M_(x_, n4_, 4), \
	M_(x_, n5_, 5), M_(x_, n6_, 6), M_(x_, n7_, 7)
#define DI__NEEDS_many(M_, x_, ...)
#define DI__NEEDS_COMMA_many(M_, x_, ...)
#define DI__NEEDS_10 DI__NEEDS_many
#define DI__NEEDS_COMMA_10 DI__NEEDS_COMMA_many

/* How many needs stand in (function, needs...); `many` above eight. */
#define DI__NEEDS_COUNT(call_) DI__CAT(DI__LESS_ONE_, DI__COUNT call_)
#define DI__LESS_ONE_1 0
#define DI__LESS_ONE_2 1
#define DI__LESS_ONE_3 2
#define DI__LESS_ONE_4 3
#define DI__LESS_ONE_5 4
#define DI__LESS_ONE_6 5
#define DI__LESS_ONE_7 6
#define DI__LESS_ONE_8 7
#define DI__LESS_ONE_9 8
#define DI__LESS_ONE_10 many
#define DI__LESS_ONE_many many

/* DI__TYPES(M_, x_, (types...)) is M_(x_, type, number) for each type; () and (void) have none. */
#define DI__TYPES(M_, x_, types_) \
	DI__APPLY(DI__CAT(DI__TYPES_, DI__TYPES_COUNT(types_)), M_, x_, DI__EXPAND types_)
#define DI__TYPES_COMMA(M_, x_, types_) \
	DI__APPLY(DI__CAT(DI__TYPES_COMMA_, DI__TYPES_COUNT(types_)), M_, x_, DI__EXPAND types_)
#define DI__TYPES_0(M_, x_, ...)
#define DI__TYPES_COMMA_0(M_, x_, ...)
#define DI__TYPES_1(M_, x_, t0_) M_(x_, t0_, 0)
#define DI__TYPES_COMMA_1(M_, x_, t0_) M_(x_, t0_, 0)
#define DI__TYPES_2(M_, x_, t0_, t1_) M_(x_, t0_, 0) M_(x_, t1_, 1)
#define DI__TYPES_COMMA_2(M_, x_, t0_, t1_) M_(x_, t0_, 0), M_(x_, t1_, 1)
#define DI__TYPES_3(M_, x_, t0_, t1_, t2_) M_(x_, t0_, 0) M_(x_, t1_, 1) M_(x_, t2_, 2)
#define DI__TYPES_COMMA_3(M_, x_, t0_, t1_, t2_) M_(x_, t0_, 0), M_(x_, t1_, 1), M_(x_, t2_, 2)
#define DI__TYPES_4(M_, x_, t0_, t1_, t2_, t3_) \
	M_(x_, t0_, 0) M_(x_, t1_, 1) M_(x_, t2_, 2) M_(x_, t3_, 3)
#define DI__TYPES_COMMA_4(M_, x_, t0_, t1_, t2_, t3_) \
	M_(x_, t0_, 0), M_(x_, t1_, 1), M_(x_, t2_, 2), M_(x_, t3_, 3)
#define DI__TYPES_5(M_, x_, t0_, t1_, t2_, t3_, t4_) \
	M_(x_, t0_, 0) M_(x_, t1_, 1) M_(x_, t2_, 2) M_(x_, t3_, 3) M_(x_, t4_, 4)
#define DI__TYPES_COMMA_5(M_, x_, t0_, t1_, t2_, t3_, t4_) \
	M_(x_, t0_, 0), M_(x_, t1_, 1), M_(x_, t2_, 2), M_(x_, t3_, 3), M_(x_, t4_, 4)
#define DI__TYPES_6(M_, x_, t0_, t1_, t2_, t3_, t4_, t5_) \
	M_(x_, t0_, 0) M_(x_, t1_, 1) M_(x_, t2_, 2) M_(x_, t3_, 3) M_(x_, t4_, 4) \
	M_(x_, t5_, 5)
#define DI__TYPES_COMMA_6(M_, x_, t0_, t1_, t2_, t3_, t4_, t5_) \
	M_(x_, t0_, 0), M_(x_, t1_, 1), M_(x_, t2_, 2), M_(x_, t3_, 3), M_(x_, t4_, 4), \
	M_(x_, t5_, 5)
#define DI__TYPES_7(M_, x_, t0_, t1_, t2_, t3_, t4_, t5_, t6_) \
	M_(x_, t0_, 0) M_(x_, t1_, 1) M_(x_, t2_, 2) M_(x_, t3_, 3) M_(x_, t4_, 4) \
	M_(x_, t5_, 5) M_(x_, t6_, 6)
#define DI__TYPES_COMMA_7(M_, x_, t0_, t1_, t2_, t3_, t4_, t5_, t6_) \
	M_(x_, t0_, 0), M_(x_, t1_, 1), M_(x_, t2_, 2), M_(x_, t3_, 3), M_(x_, t4_, 4), \
	M_(x_, t5_, 5), M_(x_, t6_, 6)
#define DI__TYPES_8(M_, x_, t0_, t1_, t2_, t3_, t4_, t5_, t6_, t7_) \
	M_(x_, t0_, 0) M_(x_, t1_, 1) M_(x_, t2_, 2) M_(x_, t3_, 3) M_(x_, t4_, 4) \
	M_(x_, t5_, 5) M_(x_, t6_, 6) M_(x_, t7_, 7)
#define DI__TYPES_COMMA_8(M_, x_, t0_, t1_, t2_, t3_, t4_, t5_, t6_, t7_) \
	M_(x_, t0_, 0), M_(x_, t1_, 1), M_(x_, t2_, 2), M_(x_, t3_, 3), M_(x_, t4_, 4), \
	M_(x_, t5_, 5), M_(x_, t6_, 6), M_(x_, t7_, 7)
#define DI__TYPES_many(M_, x_, ...)
#define DI__TYPES_COMMA_many(M_, x_, ...)
#define DI__TYPES_9 DI__TYPES_many
#define DI__TYPES_10 DI__TYPES_many
#define DI__TYPES_COMMA_9 DI__TYPES_COMMA_many
#define DI__TYPES_COMMA_10 DI__TYPES_COMMA_many

#define DI__TYPES_COUNT(types_) \
	DI__IF(DI__IS_VOID types_)(0, DI__COUNT types_)
/* 1 for nothing and for `void`, but not for `void *`: what follows the word keeps the call from it. */
#define DI__IS_VOID(...) DI__IS_VOID_(__VA_ARGS__, ~)
#define DI__IS_VOID_(first_, ...) DI__SECOND(DI__VOID_##first_ (), 0)
#define DI__VOID_() ~, 1
#define DI__VOID_void() ~, 1

/*
 * Rows that know the name of their list: each leaves that name and an opening that takes the next
 * row's, `c ) M ( (row1), c ) M ( (row2), c )`, whose ends DI__ROWS adds. DI__EMPTY() behind M keeps it
 * from being called before the whole stands there.
 */
#define DI__ROWS(name_, rows_) DI__ROWS_NONE((~), rows_ name_)
#define DI__ROWS_NONE(row_, name_)

/* clang-format on */

#endif
