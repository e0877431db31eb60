/* SPDX-License-Identifier: MIT */
#ifndef DI_COMPILER_H
#define DI_COMPILER_H

/**
 * What is not ISO C11: attributes, diagnostic pragmas and the atomic loads of the inline paths.
 * Every other header of di keeps to the standard, and takes these names from here.
 *
 * Installed headers declare themselves system headers, so that a mistake in a user's table is
 * reported at the user's row and not inside our macros. Define DI_BUILDING to switch that off.
 */

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/** Marks a function that the shared library exports. */
#if defined(DI_BUILDING_LIBRARY)
#define DI_API __attribute__((visibility("default")))
#else
#define DI_API
#endif

/** Marks a function of a user's that a shared object hands over, however it is compiled. */
#define DI__EXPORTED __attribute__((visibility("default")))

#define DI__UNUSED __attribute__((unused))
#define DI__LIKELY(x_) __builtin_expect(!!(x_), 1)
#define DI__UNLIKELY(x_) __builtin_expect(!!(x_), 0)
#define DI__ASSUME(x_) ((x_) ? (void)0 : __builtin_unreachable())
#define DI__INLINE inline __attribute__((always_inline))
#define DI__NOINLINE __attribute__((noinline))
#define DI__PURE __attribute__((pure))
/*
 * One load instead of a call; the few bytes fit the room that glibc keeps for dlopen()ed libraries.
 */
#define DI__TLS_FAST __attribute__((tls_model("initial-exec")))
#define DI__CLEANUP(function_) __attribute__((cleanup(function_)))
/* 1 where the expression is a pointer, a constant; it is not evaluated. */
#define DI__IS_POINTER(x_) (__builtin_classify_type(x_) == 5)
/* One of two expressions, by a constant; the other need only be written well. */
#define DI__EITHER(condition_, then_, else_) __builtin_choose_expr(condition_, then_, else_)
/* 1 where two types are the same but for their own qualifiers, a constant. */
#define DI__SAME_TYPE(a_, b_) __builtin_types_compatible_p(a_, b_)
/* Of a pointer's type: what it leads to may be of any. */
#define DI__MAY_ALIAS __attribute__((__may_alias__))
#define DI__PRINTF(format_, first_) __attribute__((format(printf, format_, first_)))

/* Lets the compiler keep no address in a register that it has worked out from the pointer. */
#define DI__FORGET(pointer_) __asm__("" : "+r"(pointer_))
/* What was stored is in memory. Two stores that gcc puts together into one take more than both. */
#define DI__STORED() __asm__ volatile("" ::: "memory")

/* Loads and stores of plain objects that several threads share. */
#define DI__LOAD(object_) __atomic_load_n(&(object_), __ATOMIC_ACQUIRE)
#define DI__LOAD_RELAXED(object_) __atomic_load_n(&(object_), __ATOMIC_RELAXED)
#define DI__STORE(object_, value_) __atomic_store_n(&(object_), (value_), __ATOMIC_RELEASE)
#define DI__STORE_RELAXED(object_, value_) __atomic_store_n(&(object_), (value_), __ATOMIC_RELAXED)

/*
 * Inside a table, what plain C only warns about is an error: an argument of the wrong pointer
 * type, a lost const, a number that does not fit. gcc and clang name some of these differently. And
 * what is meant there is no warning: accessors that a file does not call, `int (*)()`.
 */
#if defined(__clang__)
#define DI__CHECKED_BEGIN                                                                          \
	_Pragma("clang diagnostic push")                                                           \
	_Pragma("clang diagnostic ignored \"-Wunknown-warning-option\"")                           \
	_Pragma("clang diagnostic ignored \"-Wunused-function\"")                                  \
	_Pragma("clang diagnostic ignored \"-Wdeclaration-after-statement\"")                      \
	_Pragma("clang diagnostic ignored \"-Wstrict-prototypes\"")                                \
	_Pragma("clang diagnostic ignored \"-Wdeprecated-non-prototype\"")                         \
	_Pragma("clang diagnostic error \"-Wincompatible-pointer-types\"")                         \
	_Pragma("clang diagnostic error \"-Wincompatible-pointer-types-discards-qualifiers\"")     \
	_Pragma("clang diagnostic error \"-Wincompatible-function-pointer-types\"")                \
	_Pragma("clang diagnostic error \"-Wint-conversion\"")                                     \
	_Pragma("clang diagnostic error \"-Wimplicit-function-declaration\"")                      \
	_Pragma("clang diagnostic error \"-Wconversion\"")                                         \
	_Pragma("clang diagnostic error \"-Wfloat-conversion\"")                                   \
	_Pragma("clang diagnostic error \"-Wshorten-64-to-32\"")                                   \
	_Pragma("clang diagnostic error \"-Wsign-conversion\"")
#define DI__CHECKED_END _Pragma("clang diagnostic pop")
/*
 * A declaration where type_ is a type alone. Of `int x` clang points at x, and gcc repeats says_.
 */
#define DI__TYPE_ALONE(type_, says_) _Static_assert(sizeof(type_) != 0, "a type alone");
#elif defined(__GNUC__)
#define DI__CHECKED_BEGIN                                                                          \
	_Pragma("GCC diagnostic push")                                                             \
	_Pragma("GCC diagnostic ignored \"-Wdeclaration-after-statement\"")                        \
	_Pragma("GCC diagnostic ignored \"-Wstrict-prototypes\"")                                  \
	_Pragma("GCC diagnostic error \"-Wincompatible-pointer-types\"")                           \
	_Pragma("GCC diagnostic error \"-Wdiscarded-qualifiers\"")                                 \
	_Pragma("GCC diagnostic error \"-Wint-conversion\"")                                       \
	_Pragma("GCC diagnostic error \"-Wimplicit-function-declaration\"")                        \
	_Pragma("GCC diagnostic error \"-Wconversion\"")                                           \
	_Pragma("GCC diagnostic error \"-Wfloat-conversion\"")                                     \
	_Pragma("GCC diagnostic error \"-Wsign-conversion\"")
#define DI__CHECKED_END _Pragma("GCC diagnostic pop")
#define DI__TYPE_ALONE(type_, says_) typedef type_ says_;
#else
#error "di needs gcc or clang: its checks are diagnostics that only they can make errors"
#endif

#endif
