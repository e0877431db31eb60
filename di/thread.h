/* SPDX-License-Identifier: MIT */
#ifndef DI_THREAD_H
#define DI_THREAD_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * What belongs to a thread: the values of its thread_singletons.
 *
 * A thread has a place of its own in a container, between the root and all contexts, where its
 * thread_singletons live, with what is asked in the root and built from them. It ends with the
 * thread, after the contexts are left that the thread had entered; by di_thread_end(); or with the
 * container, after all contexts, newest first over all threads.
 *
 * A context that holds what was built from such a value belongs to the thread as long as it does.
 * In another thread asking for that is DI_ETHREAD, and so is closing the context, or resetting or
 * overriding something in it; all else works. Should the thread end first, then what was built from
 * its values ends as cancelled before them, and the context goes on and belongs to nobody. Contexts
 * that are opened in the thread's own place, by a constructor that runs there, end with it. What
 * the thread's destructors (pthread_key_create()) make ends too; in their last round it is
 * DI_ENOMEM.
 *
 * A value of the root, of which another thread's values are built, is not reset, and not
 * overridden in the root: DI_ETHREAD. That thread ends them.
 */

#include "di/compiler.h"
#include "di/error.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_container;

/**
 * Ends what the calling thread has in the container, newest first, as DI_DONE. Its next resolve
 * begins anew.
 *
 * DI_EBUSY, nothing changed: an open context holds what was built from it or is open in the
 * thread's place, something is being made there, the container's root is being reset or overridden,
 * or the thread has values in a container that connects this one. DI_ECLOSED: it is ending already.
 * DI_EFINALIZE where finalizers failed: all has ended. DI_EINVAL for NULL. It allocates nothing.
 * Any thread may call it, for itself.
 */
DI_API enum di_status di_thread_end(struct di_container *container, struct di_error *err);

/**
 * How many values of thread_singletons are alive in the container, over all threads; 0 for NULL.
 * What is overridden does not count. Any thread may call it.
 */
DI_API size_t di_thread_count(const struct di_container *container);

#ifdef __cplusplus
}
#endif

#endif
