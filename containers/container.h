/* SPDX-License-Identifier: MIT */
#ifndef DI_CONTAINER_H
#define DI_CONTAINER_H

/**
 * Containers: instances of tables. Any number live side by side, also of one table; they share
 * nothing. A container owns its contexts and their values; its caller owns the container.
 *
 * di_container_new() and di_container_free() have one user, their caller; everything between may be
 * used by any thread. After fork() a container is usable in the child only if the parent had no
 * other thread.
 */

#include "di/allocator.h"
#include "di/async.h"
#include "di/compiler.h"
#include "di/context.h"
#include "di/error.h"
#include "di/observer.h"
#include "di/provider.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_container;
struct di_table;

/** How a container works. Zero it, set abi to DI_ABI and what is wanted. */
struct di_options {
	uint32_t abi; /**< DI_ABI */
	const struct di_allocator
		*allocator;          /**< NULL: malloc; borrowed until the container is freed */
	struct di_observer observer; /**< observe NULL: none */
	uint64_t slow_ns;            /**< slower constructors and finalizers are marked; 0: none */
	struct di_container *const
		*connected; /**< an instance of each table that this one connects, in any order;
			     the list is borrowed for the call, the instances until it is freed */
	size_t connected_count;
	/**
	 * A table in whose place this container is, or NULL: accessors, handlers and whatever else
	 * takes a row of it then work in contexts of this container too, and mean its own row of
	 * the same name.
	 */
	const struct di_table *in_place_of;
	/**
	 * On how many threads di_container_start() makes what does not need each other, that of the
	 * caller among them; 0 or 1: on that alone, in the order of the table.
	 */
	uint32_t start_threads;
	uint64_t start_timeout_ns; /**< how long di_container_start() takes at most; 0: any time */
};

/**
 * Makes an instance of table; nothing of the user's runs.
 *
 * options may be NULL and are copied. Returns the container, owned by the caller and ended by
 * di_container_free(), or NULL: DI_EINVAL (no table), DI_EABI (the table, one that it connects, or
 * the options were compiled against other headers), DI_ENOMEM.
 *
 * In the place of another table: DI_EINVAL unless it has each of that table's rows, of the same
 * type, living as long at least, made once where that is made once, and a state of the same scope
 * where that is a state.
 *
 * For containers that connect others (see containers/table.h): DI_EINVAL (an instance is missing,
 * is of a table that is not connected, or stands there twice, or two of them have connected
 * different instances of one table), DI_EBUSY (one of them is being reset or overridden, or freed).
 */
DI_API struct di_container *di_container_new(const struct di_table *table,
					     const struct di_options *options,
					     struct di_error *err);

/**
 * Ends a container: closes what is still open, innermost first, as DI_CANCELLED, tears the root
 * down as DI_DONE, and releases everything. NULL is legal.
 *
 * DI_EBUSY, nothing changed: something is being made, closed, reset or overridden, a start that has
 * timed out is not over yet, another flow has entered one of its contexts, a get, an asynchronous
 * close or an asynchronous handler has not called back, or a living container connects it.
 * Otherwise the container is gone, whatever is returned: DI_EOPEN where contexts had to be closed
 * (they are named), DI_EFINALIZE where finalizers failed. It allocates nothing.
 */
DI_API enum di_status di_container_free(struct di_container *container, struct di_error *err);

/**
 * The root context, alive as long as the container; NULL for NULL. Borrowed. Any thread may call
 * it.
 */
DI_API struct di_context *di_container_root(struct di_container *container);

/**
 * Makes each `resource` in the order of the table, and before that those of the containers that it
 * connects, in the order in which its table names them.
 *
 * Stops at the first error, which it returns with its path, and unwinds nothing: call it again, or
 * free the container. What is overridden in the root is skipped. DI_EINVAL for NULL; else the
 * errors are those of di_resolve(). Any thread may call it, several at once too.
 *
 * With options.start_threads above 1 the resources, and the singletons that they need, are each
 * made as soon as what they need is there, on that many threads at most: if the longest chain of
 * needs has n values, a start takes n steps where there are threads enough. What is ready is begun
 * in the order of the table. Teardown is, as ever, the exact reverse of completed creation. After
 * an error nothing further is begun; what is being made is finished, with what is made for it
 * alone, and stays; the error is the first in the order of the table among those that were met,
 * with the count of the others. Constructors mostly run on threads on which no context is entered
 * and no local value is set; what lives with such a thread ends with it, before this returns.
 * DI_ENOMEM, and nothing was made: there is no memory for the plan, or a thread cannot be created,
 * whose errno is the cause in err.
 *
 * With options.start_timeout_ns the caller only waits, and start_threads threads, at least one, do
 * the work. When the time is over nothing further is begun and this returns DI_ETIMEDOUT, whose
 * text names what is being made and for how long. Constructors cannot be stopped: they go on, on
 * their threads, and what they make belongs to the container as ever; if they fail, only an
 * observer is told. Until they have returned di_container_free() is DI_EBUSY; it joins the threads,
 * as does the next start, which waits for what is still being made, as long as it has time.
 *
 * Called by a constructor, it works on the calling thread and takes its time, whatever the options
 * say: so a value that needs itself is still found.
 */
DI_API enum di_status di_container_start(struct di_container *container, struct di_error *err);

/**
 * Makes each `resource` and `async_resource` as di_container_start() does, but all at once: each as
 * soon as what it needs is there.
 *
 * DI_OK: callback is called once, when all have settled, with the error of the first of them in the
 * order of the tables, whose `more` counts those of the others. Else callback is never called:
 * DI_EINVAL, DI_ENOMEM.
 */
DI_API enum di_status di_container_start_async(struct di_container *container, di_done_fn *callback,
					       void *data, struct di_error *err);

/**
 * Ends a container as di_container_free() does, also where finalizers are asynchronous; what is
 * being made asynchronously, and all gets, are waited for, and so are asynchronous handlers whose
 * function has begun.
 *
 * DI_OK: the container is ending, its caller's no more, and callback is called once after it is
 * gone; NULL is gone already. Else nothing has changed, and callback is never called: DI_EINVAL (no
 * callback), DI_EBUSY, DI_ENOMEM.
 */
DI_API enum di_status di_container_free_async(struct di_container *container, di_done_fn *callback,
					      void *data, struct di_error *err);

/**
 * Writes what is alive into buffer, a line for each context, value and deferred call, after one
 * with the names of the containers that it connects, which have descriptions of their own; and
 * returns the length of the whole text as snprintf() does. Since when a context is open or a value
 * alive stands there if the container has an observer.
 *
 * Any thread may call it, observers too. The text is cut to size - 1 bytes; it is empty for NULL.
 */
DI_API size_t di_container_describe(struct di_container *container, char *buffer, size_t size);

#ifdef __cplusplus
}
#endif

#endif
