/* SPDX-License-Identifier: MIT */
#ifndef DI_SELECTOR_H
#define DI_SELECTOR_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * selector: one of several rows, chosen each time it is asked for.
 *
 *     X(selector, name, type, (chooser, needs...), ("key", provider), ("key", provider), ...)
 *     X(selector, name, type, DI_ALWAYS("key"),    ("key", provider), ("key", provider), ...)
 *
 * `const char *chooser(needs...)` returns the key of one of the 1 to 16 options, which are rows
 * above of that type. It is called at each resolve, under no lock, by whatever thread asks; what it
 * returns is compared as a string and not kept. NULL or a key that is not there is DI_ENOVALUE, and
 * the text names the key and those there are. With DI_ALWAYS the key is a literal, which may come
 * from a macro of the build, and the compiler checks that it is there.
 *
 * Only the chosen row is made. Its value is that row's own: it lives in that row's home and ends
 * there, and a product belongs to the value that asked, or to the context, where `<option>_drop`
 * ends it. Products that only the chooser needs end when it has chosen. The selector itself keeps
 * nothing.
 *
 * What needs a selector lives at most as long as what the chooser needs and as each option. It is
 * built from the option that was chosen for it and from what the chooser needs: resetting these
 * ends it, resetting another option does not; nor does resetting what only a factory needs that the
 * chooser needed. di_reset() of the selector ends all that asked it there. An override of the
 * selector, of an option or of what the chooser needs is seen like any other. Overriding an option
 * that was not chosen disturbs nothing that is alive in the context; but what was built further out
 * from a choice is made afresh there, as it may choose otherwise, so that what holds the outer one
 * is in the way: DI_EBUSY.
 */

#include "di/members.h"

#define DI_KIND_selector ~, selector
DI_API extern const struct di_kind di_selector;

/** What a selector's row carries. */
struct di_choice {
	/** Returns a key, or NULL: a generated trampoline around the user's chooser. */
	const char *(*choose)(void *const *args);
	const char *const *keys; /**< of the options, in their order */
};

/** A choice made when the program is built: the key of an option, a literal. */
#define DI_ALWAYS(...) always(__VA_ARGS__)

/* clang-format off */

#define DI__CONVENTION_always(...) ~, always
#define DI__CALL_always(...) (__VA_ARGS__)

#define DI_ROW_DECLARE_selector(container_, kind_, name_, type_, ...) \
	DI__IF(DI__IS_PAREN(DI__SECOND(__VA_ARGS__)))(DI__SELECTOR_DECLARE, DI__SELECTOR_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__SELECTOR_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, \
		#name_ ": a selector is X(selector, name, type, (chooser, needs...), " \
		"(\"key\", provider), ...), or has DI_ALWAYS(\"key\") for the chooser")
#define DI__SELECTOR_DECLARE(container_, name_, type_, call_, ...) \
	DI__SELECTOR_DECLARE_(container_, name_, type_, DI__CALL(call_), __VA_ARGS__)
#define DI__SELECTOR_DECLARE_(container_, name_, type_, call_, ...) \
	_Static_assert(!DI__EQUAL(DI__NEEDS_COUNT(call_), many), #name_ " has more than 8 needs"); \
	enum { name_##__options_count = 0 DI__EACH(DI__MEMBER_COUNTED, name_, __VA_ARGS__) }; \
	_Static_assert((int)name_##__options_count > 0 && (int)name_##__options_count <= 16, \
		       #name_ " has more than 16 options"); \
	DI__EACH(DI__OPTION_IS_PAIR, name_, __VA_ARGS__) \
	typedef struct DI__CAT(DI__CONTAINER(container_), __rows) name_##__table; \
	DI__NEEDS_CHECK(container_, name_, call_) \
	DI__MEMBERS_CHECK(container_, name_, __VA_ARGS__) \
	typedef type_ name_##__type; \
	enum { name_##__rank = (int)sizeof(union { \
		       char none[1]; \
		       DI__NEEDS(DI__NEED_RANK, name_, call_) \
		       DI__EACH(DI__MEMBER_RANK, name_, __VA_ARGS__) \
	       }) - 1 }; \
	enum { name_##__per_call = 0 DI__NEEDS(DI__NEED_PER_CALL, name_, call_) \
		       DI__EACH(DI__MEMBER_PER_CALL, name_, __VA_ARGS__) }; \
	extern const struct di_provider name_; \
	DI__GET(container_, name_, new) \
	DI__OVERRIDE(name_)

#define DI_ROW_DEFINE_selector(container_, kind_, name_, type_, ...) \
	DI__IF(DI__IS_PAREN(DI__SECOND(__VA_ARGS__)))(DI__SELECTOR_DEFINE, DI__SELECTOR_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__SELECTOR_WRONG_DEFINE(container_, name_, type_, ...) DI__WRONG_DEFINE(container_, name_)
#define DI__SELECTOR_DEFINE(container_, name_, type_, call_, ...) \
	DI__SELECTOR_DEFINE_(container_, name_, type_, DI__CONVENTION(call_), DI__CALL(call_), __VA_ARGS__)
#define DI__SELECTOR_DEFINE_(container_, name_, type_, convention_, call_, ...) \
	DI__TAILS(DI__KEY_ONCE, name_, __VA_ARGS__) \
	DI__CHOOSE(convention_, name_, call_, __VA_ARGS__) \
	static inline void name_##__check_options(void) \
	{ \
		DI__EACH(DI__OPTION_TYPED, name_, __VA_ARGS__) \
	} \
	static const char *const name_##__keys[] = { DI__EACH(DI__MEMBER_KEY, name_, __VA_ARGS__) }; \
	static const struct di_choice name_##__choice = { name_##__choose, name_##__keys }; \
	static const struct di_provider *const name_##__needs[] = { \
		DI__NEEDS(DI__NEED_ADDRESS, name_, call_) &di__choice, \
		DI__EACH(DI__MEMBER_ADDRESS, name_, __VA_ARGS__) \
	}; \
	static const struct di_type name_##__described = { 0, #type_, DI__IS_CONST(type_) }; \
	const struct di_provider name_ = { \
		.name = #name_, .table = &DI__CONTAINER(container_), .kind = &di_selector, \
		.type = &name_##__described, .index = name_##__index, \
		.needs_count = sizeof(name_##__needs) / sizeof(name_##__needs[0]) - name_##__options_count, \
		.life = name_##__rank, .lane = name_##__lane, \
		.options_count = name_##__options_count, .needs = name_##__needs, \
		.object = &name_##__choice, \
		.constructor = DI__STRING(DI__FUNCTION(call_)), .destructor = "" \
	};

/* ---- Choosers. ---- */

#define DI__CHOOSE(convention_, ...) DI__CHOOSE_(convention_, __VA_ARGS__)
#define DI__CHOOSE_(convention_, ...) DI__CHOOSE_##convention_(__VA_ARGS__)
#define DI__CHOOSE_made(name_, call_, ...) \
	DI__MUST_CHOOSE(name_, DI__FUNCTION(call_)) \
	static const char *name_##__choose(void *const *di__args) \
	{ \
		DI__NEEDS(DI__NEED_LOCAL, name_, call_) \
		const char *name_##__key = \
			DI__FUNCTION(call_)(DI__NEEDS_COMMA(DI__NEED_VALUE, name_, call_)); \
		(void)di__args; \
		return name_##__key; \
	}
#define DI__MUST_CHOOSE(name_, function_) DI__MUST_CHOOSE_(name_, function_)
#define DI__MUST_CHOOSE_(name_, function_) \
	_Static_assert(_Generic(function_, void (*)(): 0, int (*)(): 0, default: 1), \
		       #function_ ", which chooses for " #name_ ", must return a const char *, a key");
#define DI__CHOOSE_always(name_, call_, ...) \
	enum { name_##__key_is_there = 0 DI__EACH(DI__KEY_EQUALS, DI__FUNCTION(call_), __VA_ARGS__) }; \
	_Static_assert(name_##__key_is_there, #name_ " has no option with the key of DI_ALWAYS"); \
	static const char *name_##__choose(void *const *di__args) \
	{ \
		(void)di__args; \
		return DI__FUNCTION(call_); \
	}
#define DI__CHOOSE_returned(name_, call_, ...) DI__CHOOSE_unknown(name_, call_, ~)
#define DI__CHOOSE_initialized(name_, call_, ...) DI__CHOOSE_unknown(name_, call_, ~)
#define DI__CHOOSE_unknown(name_, call_, ...) \
	_Static_assert(0, "the chooser of " #name_ " is written (function, needs...) or DI_ALWAYS(\"key\")"); \
	static const char *name_##__choose(void *const *di__args) \
	{ \
		(void)di__args; \
		return NULL; \
	}

/* ---- Options: ("key", provider). ---- */

#define DI__OPTION_IS_PAIR(name_, pair_, number_) \
	_Static_assert(DI__IS_PAIR(pair_), #name_ ": each option is written (\"key\", provider)");
#define DI__OPTION_TYPED(name_, pair_, number_) DI__OPTION_TYPED_(name_, DI__MEMBER(pair_), number_)
#define DI__OPTION_TYPED_(name_, option_, number_) DI__OPTION_TYPED__(name_, option_, number_)
#define DI__OPTION_TYPED__(name_, option_, number_) \
	option_##__type *option_##__option##number_ = NULL; \
	name_##__type *name_##__option##number_ = option_##__option##number_; \
	(void)name_##__option##number_;

/* clang-format on */

#endif
