/* SPDX-License-Identifier: MIT */
#ifndef DI_SEQUENCE_H
#define DI_SEQUENCE_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Longer lists for the preprocessor: of one to 32 elements, for rows of any number of members. A
 * longer one, up to 60, counts as `many`. As di/preprocessor.h, this knows nothing of tables.
 */

#include "di/preprocessor.h"

/* clang-format off */

#define DI__LENGTH(...) \
	DI__LENGTH_(__VA_ARGS__, many, many, many, many, many, many, many, many, many, many, many, \
		    many, many, many, many, many, many, many, many, many, many, many, many, many, \
		    many, many, many, many, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, \
		    18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, ~)
#define DI__LENGTH_(a_, b_, c_, d_, e_, f_, g_, h_, i_, j_, k_, l_, m_, n_, o_, p_, q_, r_, s_, t_, \
		    u_, v_, w_, x_, y_, z_, aa_, ab_, ac_, ad_, ae_, af_, ag_, ah_, ai_, aj_, ak_, \
		    al_, am_, an_, ao_, ap_, aq_, ar_, as_, at_, au_, av_, aw_, ax_, ay_, az_, ba_, \
		    bb_, bc_, bd_, be_, bf_, bg_, bh_, length_, ...) length_

/* DI__EACH(M_, x_, elements...) is M_(x_, element, how many there are from it on) for each. */
#define DI__EACH(M_, x_, ...) \
	DI__EACH_OF(DI__CAT(DI__EACH_, DI__LENGTH(__VA_ARGS__)), M_, x_, __VA_ARGS__)
#define DI__EACH_OF(each_, ...) each_(__VA_ARGS__)
#define DI__EACH_many(M_, x_, ...)
#define DI__EACH_1(M_, x_, e_) M_(x_, e_, 1)
#define DI__EACH_2(M_, x_, e_, ...) M_(x_, e_, 2) DI__EACH_1(M_, x_, __VA_ARGS__)
#define DI__EACH_3(M_, x_, e_, ...) M_(x_, e_, 3) DI__EACH_2(M_, x_, __VA_ARGS__)
#define DI__EACH_4(M_, x_, e_, ...) M_(x_, e_, 4) DI__EACH_3(M_, x_, __VA_ARGS__)
#define DI__EACH_5(M_, x_, e_, ...) M_(x_, e_, 5) DI__EACH_4(M_, x_, __VA_ARGS__)
#define DI__EACH_6(M_, x_, e_, ...) M_(x_, e_, 6) DI__EACH_5(M_, x_, __VA_ARGS__)
#define DI__EACH_7(M_, x_, e_, ...) M_(x_, e_, 7) DI__EACH_6(M_, x_, __VA_ARGS__)
#define DI__EACH_8(M_, x_, e_, ...) M_(x_, e_, 8) DI__EACH_7(M_, x_, __VA_ARGS__)
#define DI__EACH_9(M_, x_, e_, ...) M_(x_, e_, 9) DI__EACH_8(M_, x_, __VA_ARGS__)
#define DI__EACH_10(M_, x_, e_, ...) M_(x_, e_, 10) DI__EACH_9(M_, x_, __VA_ARGS__)
#define DI__EACH_11(M_, x_, e_, ...) M_(x_, e_, 11) DI__EACH_10(M_, x_, __VA_ARGS__)
#define DI__EACH_12(M_, x_, e_, ...) M_(x_, e_, 12) DI__EACH_11(M_, x_, __VA_ARGS__)
#define DI__EACH_13(M_, x_, e_, ...) M_(x_, e_, 13) DI__EACH_12(M_, x_, __VA_ARGS__)
#define DI__EACH_14(M_, x_, e_, ...) M_(x_, e_, 14) DI__EACH_13(M_, x_, __VA_ARGS__)
#define DI__EACH_15(M_, x_, e_, ...) M_(x_, e_, 15) DI__EACH_14(M_, x_, __VA_ARGS__)
#define DI__EACH_16(M_, x_, e_, ...) M_(x_, e_, 16) DI__EACH_15(M_, x_, __VA_ARGS__)
#define DI__EACH_17(M_, x_, e_, ...) M_(x_, e_, 17) DI__EACH_16(M_, x_, __VA_ARGS__)
#define DI__EACH_18(M_, x_, e_, ...) M_(x_, e_, 18) DI__EACH_17(M_, x_, __VA_ARGS__)
#define DI__EACH_19(M_, x_, e_, ...) M_(x_, e_, 19) DI__EACH_18(M_, x_, __VA_ARGS__)
#define DI__EACH_20(M_, x_, e_, ...) M_(x_, e_, 20) DI__EACH_19(M_, x_, __VA_ARGS__)
#define DI__EACH_21(M_, x_, e_, ...) M_(x_, e_, 21) DI__EACH_20(M_, x_, __VA_ARGS__)
#define DI__EACH_22(M_, x_, e_, ...) M_(x_, e_, 22) DI__EACH_21(M_, x_, __VA_ARGS__)
#define DI__EACH_23(M_, x_, e_, ...) M_(x_, e_, 23) DI__EACH_22(M_, x_, __VA_ARGS__)
#define DI__EACH_24(M_, x_, e_, ...) M_(x_, e_, 24) DI__EACH_23(M_, x_, __VA_ARGS__)
#define DI__EACH_25(M_, x_, e_, ...) M_(x_, e_, 25) DI__EACH_24(M_, x_, __VA_ARGS__)
#define DI__EACH_26(M_, x_, e_, ...) M_(x_, e_, 26) DI__EACH_25(M_, x_, __VA_ARGS__)
#define DI__EACH_27(M_, x_, e_, ...) M_(x_, e_, 27) DI__EACH_26(M_, x_, __VA_ARGS__)
#define DI__EACH_28(M_, x_, e_, ...) M_(x_, e_, 28) DI__EACH_27(M_, x_, __VA_ARGS__)
#define DI__EACH_29(M_, x_, e_, ...) M_(x_, e_, 29) DI__EACH_28(M_, x_, __VA_ARGS__)
#define DI__EACH_30(M_, x_, e_, ...) M_(x_, e_, 30) DI__EACH_29(M_, x_, __VA_ARGS__)
#define DI__EACH_31(M_, x_, e_, ...) M_(x_, e_, 31) DI__EACH_30(M_, x_, __VA_ARGS__)
#define DI__EACH_32(M_, x_, e_, ...) M_(x_, e_, 32) DI__EACH_31(M_, x_, __VA_ARGS__)

/* DI__TAILS(M_, x_, elements...) is M_(x_, element, elements after it...) for each but the last. */
#define DI__TAILS(M_, x_, ...) \
	DI__TAILS_OF(DI__CAT(DI__TAILS_, DI__LENGTH(__VA_ARGS__)), M_, x_, __VA_ARGS__)
#define DI__TAILS_OF(tails_, ...) tails_(__VA_ARGS__)
#define DI__TAILS_many(M_, x_, ...)
#define DI__TAILS_1(M_, x_, e_)
#define DI__TAILS_2(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_1(M_, x_, __VA_ARGS__)
#define DI__TAILS_3(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_2(M_, x_, __VA_ARGS__)
#define DI__TAILS_4(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_3(M_, x_, __VA_ARGS__)
#define DI__TAILS_5(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_4(M_, x_, __VA_ARGS__)
#define DI__TAILS_6(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_5(M_, x_, __VA_ARGS__)
#define DI__TAILS_7(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_6(M_, x_, __VA_ARGS__)
#define DI__TAILS_8(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_7(M_, x_, __VA_ARGS__)
#define DI__TAILS_9(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_8(M_, x_, __VA_ARGS__)
#define DI__TAILS_10(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_9(M_, x_, __VA_ARGS__)
#define DI__TAILS_11(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_10(M_, x_, __VA_ARGS__)
#define DI__TAILS_12(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_11(M_, x_, __VA_ARGS__)
#define DI__TAILS_13(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_12(M_, x_, __VA_ARGS__)
#define DI__TAILS_14(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_13(M_, x_, __VA_ARGS__)
#define DI__TAILS_15(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_14(M_, x_, __VA_ARGS__)
#define DI__TAILS_16(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_15(M_, x_, __VA_ARGS__)
#define DI__TAILS_17(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_16(M_, x_, __VA_ARGS__)
#define DI__TAILS_18(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_17(M_, x_, __VA_ARGS__)
#define DI__TAILS_19(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_18(M_, x_, __VA_ARGS__)
#define DI__TAILS_20(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_19(M_, x_, __VA_ARGS__)
#define DI__TAILS_21(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_20(M_, x_, __VA_ARGS__)
#define DI__TAILS_22(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_21(M_, x_, __VA_ARGS__)
#define DI__TAILS_23(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_22(M_, x_, __VA_ARGS__)
#define DI__TAILS_24(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_23(M_, x_, __VA_ARGS__)
#define DI__TAILS_25(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_24(M_, x_, __VA_ARGS__)
#define DI__TAILS_26(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_25(M_, x_, __VA_ARGS__)
#define DI__TAILS_27(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_26(M_, x_, __VA_ARGS__)
#define DI__TAILS_28(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_27(M_, x_, __VA_ARGS__)
#define DI__TAILS_29(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_28(M_, x_, __VA_ARGS__)
#define DI__TAILS_30(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_29(M_, x_, __VA_ARGS__)
#define DI__TAILS_31(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_30(M_, x_, __VA_ARGS__)
#define DI__TAILS_32(M_, x_, e_, ...) M_(x_, e_, __VA_ARGS__) DI__TAILS_31(M_, x_, __VA_ARGS__)

/* clang-format on */

#endif
