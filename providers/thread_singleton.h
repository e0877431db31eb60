/* SPDX-License-Identifier: MIT */
#ifndef DI_THREAD_SINGLETON_H
#define DI_THREAD_SINGLETON_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * thread_singleton: a value made on first use, once for each thread that asks in a container.
 *
 *     X(thread_singleton, name, type, (function, needs...), destructor)
 *
 * It may need what lives with the container, thread_singletons above it, and factories of such;
 * nothing that lives shorter. Context resources, factories, handlers and other thread_singletons
 * may need it; what lives with the container may not, and a singleton whose constructor asks for
 * one itself gets DI_ETHREAD.
 *
 * The thread's value ends with the thread, by di_thread_end(), or with the container. A context
 * that holds something built from one belongs to that thread until it has ended: see di/thread.h.
 * An override is seen by all threads. A context that overrides what it is built from has one value
 * of its own, for the thread that asks first.
 */

#include "di/row.h"
#include "di/thread.h"

#define DI_KIND_thread_singleton ~, thread_singleton
DI_API extern const struct di_kind di_thread_singleton;

/* clang-format off */

#define DI_ROW_DECLARE_thread_singleton(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__))(DI__THREAD_SINGLETON_DECLARE, DI__THREAD_SINGLETON_WRONG) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__THREAD_SINGLETON_DECLARE(container_, name_, type_, call_, end_) \
	DI__RANK_OWN(name_, di__scope_thread__rank) \
	DI__MADE_DECLARE(container_, name_, type_, call_, thread, di__scope_thread__rank, 0)
#define DI__THREAD_SINGLETON_WRONG(container_, name_, type_, ...) \
	DI__WRONG_DECLARE(container_, name_, #name_ ": a thread_singleton is " \
		"X(thread_singleton, name, type, (function, needs...), destructor)")

#define DI_ROW_DEFINE_thread_singleton(container_, kind_, name_, type_, ...) \
	DI__IF(DI__HAS_COLUMNS(2, __VA_ARGS__)) \
	(DI__THREAD_SINGLETON_DEFINE, DI__THREAD_SINGLETON_WRONG_DEFINE) \
	(container_, name_, type_, __VA_ARGS__)
#define DI__THREAD_SINGLETON_DEFINE(container_, name_, type_, call_, end_) \
	DI__MADE_DEFINE(container_, thread_singleton, name_, type_, call_, end_, &di__scope_thread)
#define DI__THREAD_SINGLETON_WRONG_DEFINE(container_, name_, type_, ...) \
	DI__WRONG_DEFINE(container_, name_)

/* clang-format on */

#endif
