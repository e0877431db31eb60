/* SPDX-License-Identifier: MIT */
#ifndef DI_BUILT_H
#define DI_BUILT_H

/* private */

/**
 * What a builder keeps of its rows, and what the files that check them and build tables share.
 *
 * A row is copied as it was given, with names in place of texts. The check then looks up what these
 * mean, each time anew; what it has found is what the table is built of.
 */

#include "containers/builder.h"
#include "containers/exports.h"
#include "containers/names.h"
#include "containers/pool.h"
#include "di/async_row.h"
#include "di/internal.h"
#include "di/text.h"
#include "providers/selector.h"

/** Whatever may be passed by value. */
union di__scalar {
	int8_t s8;
	int16_t s16;
	int32_t s32;
	int64_t s64;
	uint8_t u8;
	uint16_t u16;
	uint32_t u32;
	uint64_t u64;
	float f;
	double d;
};

/** A type as it is compared. */
struct di__seen_type {
	const struct di__name *base; /* without const and without the pointer; NULL: not known */
	int is_const;
};

/** One row of a table of exports, with its types. */
struct di__exported {
	struct di__exported *next; /* of the same name */
	const struct di_export *export;
	const struct di_exports *exports;
	struct di__seen_type type;
	struct di__seen_type parameters[];
};

/** A row that another one names. */
struct di__target {
	const struct di__name *name;
	struct di__built_row *row;          /* of the builder, or NULL */
	const struct di_provider *provider; /* of a connected table, or NULL */
	int is_cut;                         /* left out, since it closes a cycle */
};

struct di__built_argument {
	enum di_argument_kind kind;
	struct di__target target;      /* of a need */
	const struct di__name *path;   /* of a need: the member, or NULL */
	const struct di__name *object; /* of an object */
	const char *text, *fallback;
	const void *at;
	/* Found by the check: */
	const struct di_export *field;
	const void *pointer; /* a string or an object */
	union di__scalar value;
};

struct di__built_member {
	struct di__target target;
	const char *key;
	const void *at;
};

/** What kinds take, see check_row.c. */
enum di__shape {
	DI__SHAPE_NONE,
	DI__SHAPE_MADE,
	DI__SHAPE_OBJECT,
	DI__SHAPE_STATE,
	DI__SHAPE_SELECTOR,
	DI__SHAPE_LIST,
	DI__SHAPE_DICT,
	DI__SHAPE_LAZY
};

/** What a row was given. */
enum {
	DI__HAS_CONSTRUCTOR = 1,
	DI__HAS_DESTRUCTOR = 2,
	DI__HAS_VALUE = 4,
	DI__HAS_MEMBERS = 8,
	DI__HAS_SCOPE = 16,
	DI__HAS_ALWAYS = 32,
	DI__HAS_TYPE = 64,
	DI__HAS_ARGUMENTS = 128
};

struct di__built_row {
	struct di__built_row *next; /* in the order in which they were added */
	const struct di__name *name, *kind_name, *constructor, *destructor, *scope;
	const struct di_kind *kind;
	const char *type; /* as it was given, or NULL */
	struct di__built_argument *arguments, *value;
	struct di__built_member *members;
	uint32_t arguments_count, members_count;
	const char *always;
	const void *at;
	uint8_t strict;
	uint8_t has; /* DI__HAS_CONSTRUCTOR ... */
	/* Found by the check: */
	uint8_t shape; /* enum di__shape */
	uint8_t is_typing;
	uint8_t is_new;  /* made, or chosen, anew each time */
	uint8_t visited; /* in the search for cycles */
	const struct di_kind *found_kind;
	const struct di_scope *found_scope;
	const struct di__exported *maker, *ender, *holder;
	struct di__seen_type provides;
	const struct di_type *found_type; /* that of an export, or NULL */
	int life;
	uint32_t index;                /* in the table */
	uint32_t edge;                 /* the next to be followed */
	uint32_t depth;                /* of that way; then, of what passes a short life on */
	struct di__built_row *asker;   /* on the way to it */
	const struct di__target *via;  /* the need that it has its life from, or NULL */
	const struct di__target *root; /* the last one on that way */
};

/** A scope that the builder was asked to make. */
struct di__made_scope {
	struct di__made_scope *next;
	struct di_scope scope;
	struct di__name *name;
	const void *at;
};

struct di__connected {
	struct di__connected *next;
	const struct di_table *table;
};

struct di__given_scope {
	struct di__given_scope *next;
	const struct di_scope *scope;
};

struct di_builder {
	struct di__pool pool;
	struct di__names names, types, keys;
	const char *name;
	const struct di__name *default_scope;
	const struct di__name *keep, *context; /* "di_keep" and "DI_CONTEXT" */
	di_report_fn *report;
	void *data;
	struct di__built_row *first, **last;
	uint32_t count;
	struct di__connected *connected, **connected_last;
	uint32_t connected_count;
	struct di__made_scope *scopes, **scopes_last;
	struct di__given_scope *given_scopes;
	/* Of the last check: */
	int is_checked;       /* and nothing has been added since */
	int is_out_of_memory; /* something could not be looked at */
	int has_selectors, has_lazies;
	uint32_t checks;
	struct di_error error;
	uint32_t faults;
	struct di__built_row **order; /* as they stand in the table */
	uint32_t order_room;
	size_t budget; /* of names that may be compared to find what was meant */
};

/* ---- fault.c ---- */

/** Reports a fault of a row, or of none. number is of the argument or member. */
void di__report(struct di_builder *builder, enum di_fault_kind kind,
		const struct di__built_row *row, enum di_row_part part, uint32_t number,
		const char *text, ...) DI__PRINTF(6, 7);
/** The same for a scope of the builder's. */
void di__report_scope(struct di_builder *builder, enum di_fault_kind kind,
		      const struct di__made_scope *scope, const char *text, ...) DI__PRINTF(4, 5);

/** "a" or "an", before that word. */
const char *di__article(const char *word);
/** What di__report() says after a name that means nothing: "; did you mean x?", or "". */
struct di__hint {
	char text[96];
};
struct di__hint di__hint(struct di_builder *builder, const char *text, di__fits_fn *fits,
			 const void *data);

/* ---- seen_type.c ---- */

/** The type without its const, and without its `*` where it is the type of a pointer. */
enum di_status di__see_type(struct di_builder *builder, const char *text, int is_pointer,
			    struct di__seen_type *seen);
/** Whether a pointer to one may be given where one to the other is wanted. Unknown ones may. */
int di__type_fits(struct di__seen_type given, struct di__seen_type wanted);
/** "const struct x", in buffer, which is returned. */
const char *di__type_text(struct di__seen_type type, char *buffer, size_t size);
/** How values of a type are written where it is one of C's own: 1, with parameter filled. */
int di__scalar_type(const char *text, struct di_parameter *parameter);

/* ---- literal.c ---- */

/** Whether text is a value of that type, which is no pointer: then *value is it. */
int di__literal_read(const char *text, const struct di_parameter *parameter,
		     union di__scalar *value);
/** What such a value looks like: "a number from 0 to 255". */
const char *di__literal_form(const struct di_parameter *parameter, char *buffer, size_t size);
/** Whether each value of one type is one of the other. */
int di__literal_fits(const struct di_parameter *given, const struct di_parameter *wanted);
/** Converts a value where that is so. */
void di__literal_convert(const void *from, const struct di_parameter *given,
			 union di__scalar *value, const struct di_parameter *wanted);

/* ---- lookup.c: what names mean; NULL and a report where they mean nothing ---- */

/** Enters the kinds that tables write among the names; 0 without memory. */
int di__enter_kinds(struct di_builder *builder);
/** Says that it is none. */
void di__report_kind(struct di_builder *builder, const struct di__built_row *row);
const struct di_scope *di__find_scope(struct di_builder *builder, const struct di__built_row *row);
struct di__exported *di__find_exported(const struct di__name *name, enum di_export_kind kind);
/** The destructor of that name that ends values of the type. */
struct di__exported *di__find_destructor(const struct di__name *name, struct di__seen_type type);
/** The member of that path of values of the type. */
const struct di__exported *di__find_field(const struct di__name *path, struct di__seen_type type);

/* ---- check_row.c, check_kind.c, check_argument.c, check_member.c, check_graph.c ---- */

/** Looks up what the types of all rows are, without a word. */
enum di_status di__check_types(struct di_builder *builder);
/** Says everything that is wrong with a row by itself. */
enum di_status di__check_row(struct di_builder *builder, struct di__built_row *row);
/** The same for constructors and destructors that are asynchronous where it is not, or not so. */
void di__check_maker_kind(struct di_builder *builder, const struct di__built_row *row);
void di__check_ender_kind(struct di_builder *builder, const struct di__built_row *row);
/** The same for the arguments of its constructor or chooser, and the value of an object. */
void di__check_arguments(struct di_builder *builder, struct di__built_row *row);
void di__check_value(struct di_builder *builder, struct di__built_row *row);
/** The same for what it names without a constructor's argument. */
void di__check_members(struct di_builder *builder, struct di__built_row *row);
/** Looks up another row. */
void di__check_target(struct di_builder *builder, const struct di__built_row *row,
		      struct di__target *target, enum di_row_part part, uint32_t number);
struct di__seen_type di__target_type(struct di_builder *builder, const struct di__target *target);
/** Orders the rows, and says what cycles there are. */
void di__check_cycles(struct di_builder *builder);
/** Says which rows would outlive what they need. */
void di__check_lives(struct di_builder *builder);

/* ---- bound.c: constructors and choosers of built rows ---- */

/** How one argument of a function is filled. */
struct di__bound_argument {
	const struct di_parameter *parameter;
	const struct di_export *field; /* or NULL */
	int is_need;                   /* 1: it is the next of the row's needs */
	const void *pointer;
	union di__scalar value;
};

/** How all are, where that is not by needs as they are. */
struct di__binding {
	const struct di_export *export;
	uint32_t count;
	struct di__bound_argument arguments[];
};

/** What a selector's row carries. */
struct di__built_choice {
	struct di_choice choice; /* first */
	const char *always;
	const struct di__binding *binding;
};

/* What an asynchronous row leads to by `object`. */
struct di__built_async {
	struct di_async async; /* first */
	const struct di__binding *binding;
};

di_create_fn di__create_bound;
int di__begin_bound(struct di_call *call, void *const *args);
di_create_fn di__create_list;
di_create_fn di__create_dict;
di_create_fn di__create_lazy;
const char *di__choose_bound(void *const *args);
const char *di__choose_always(void *const *args);
/** The storage that these take for that many members. */
size_t di__list_size(uint32_t count);
size_t di__dict_size(uint32_t count);
size_t di__lazy_size(void);

/* ---- graph of rows ---- */

/** How many other rows a row names: by arguments, then by members. */
static inline uint32_t di__targets_count(const struct di__built_row *row)
{
	return row->arguments_count + row->members_count;
}
static inline struct di__target *di__target_at(const struct di__built_row *row, uint32_t number)
{
	return number < row->arguments_count ? &row->arguments[number].target
					     : &row->members[number - row->arguments_count].target;
}

#endif
