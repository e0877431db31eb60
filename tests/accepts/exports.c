/* SPDX-License-Identifier: MIT */
#include <di/di.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* Every form of an exported row, and every type of a parameter. */

enum mode {
	MODE_A
};
typedef unsigned handle;
typedef struct clock clock_type;

struct config {
	struct {
		const char *path;
		char host[16];
		const uint16_t port;
	} db;
	struct store *store;
	enum mode mode;
	bool on;
};
struct clock;
struct store;
struct lock {
	int held;
};

static const struct config default_config = { { "notes.db", "here", 1 }, NULL, MODE_A, true };
static struct lock the_lock;

int clock_new(struct clock **out);
clock_type *clock_of(void);
struct store *store_of(const char *path, bool on, char c, signed char sc, unsigned char uc, short s,
		       unsigned short us, int i);
int store_more(struct store **out, unsigned u, long l, unsigned long ul, long long ll,
	       unsigned long long ull, float f, double d, enum mode mode);
int store_typed(struct store **out, handle h, size_t size, uint8_t byte, clock_type *clock,
		const struct config *const config, const void *data, struct di_context *home);
const struct store *store_const(void);
int lock_init(struct lock *self, int32_t held);
void clock_free(struct clock *clock);
int store_close(struct store *store);
void lock_end(struct lock *lock, enum di_outcome outcome);
int config_end(const struct config *config, enum di_outcome outcome);
int lock_take(struct di_call *call, int held, const struct config *config);
DI_COMPLETE_DECLARE(lock_take, struct lock);
int config_fetch(struct di_call *call);
DI_COMPLETE_DECLARE(config_fetch, const struct config);
int lock_give(struct di_call *call, struct lock *lock);
int config_drop(struct di_call *call, const struct config *config, enum di_outcome outcome);
const char *choose(const struct config *config, int number);
const char *choose_alone(void);

DI_LIST_TYPE(stores, struct store);
DI_LIST_TYPE(settings, const struct config);
DI_DICT_TYPE(by_name, struct store);
DI_LAZY_TYPE(later, struct store);
DI_SCOPE_DECLARE(job, 150);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, clock_type,   DI_RETURNS(clock_of)) \
	X(constructor, struct store, DI_RETURNS(store_of, const char *, bool, char, signed char, \
						unsigned char, short, unsigned short, int)) \
	X(constructor, struct store, (store_more, unsigned, long, unsigned long, long long, \
				      unsigned long long, float, double, enum mode)) \
	X(constructor, struct store, (store_typed, handle, size_t, uint8_t, clock_type *, \
				      const struct config *, const void *, struct di_context *)) \
	X(constructor, const struct store, DI_RETURNS(store_const)) \
	X(constructor, struct lock,  DI_INIT(lock_init, int32_t)) \
	X(destructor,  struct clock, clock_free) \
	X(destructor,  struct store, store_close) \
	X(destructor,  struct lock,  lock_end) \
	X(destructor,  const struct config, config_end) \
	X(destructor,  void,         free) \
	X(constructor, struct lock,  DI_ASYNC(lock_take, int, const struct config *)) \
	X(constructor, const struct config, DI_ASYNC(config_fetch)) \
	X(destructor,  struct lock,  lock_give) \
	X(destructor,  const struct config, config_drop) \
	X(object,      the_config,   const struct config, &default_config) \
	X(object,      the_lock,     struct lock, &the_lock) \
	X(object,      greeting,     const char, "hello") \
	X(chooser,     (choose, const struct config *, int)) \
	X(chooser,     (choose_alone)) \
	X(field,       struct config, db.path, const char *) \
	X(field,       struct config, db.host, const char *) \
	X(field,       struct config, db.port, uint16_t) \
	X(field,       struct config, store, struct store *) \
	X(field,       struct config, mode, enum mode) \
	X(field,       struct config, on, bool) \
	X(list,        stores, struct store) \
	X(list,        settings, const struct config) \
	X(dict,        by_name, struct store) \
	X(lazy,        later, struct store) \
	X(scope,       job) \
	X(type,        const struct user) \
	X(type,        struct lock)
/* clang-format on */

DI_EXPORTS_DECLARE(exports);
DI_EXPORTS_DEFINE(exports, EXPORTS);
DI_EXPORTS_ENTRY(exports);
