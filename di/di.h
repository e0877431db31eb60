/* SPDX-License-Identifier: MIT */
#ifndef DI_DI_H
#define DI_DI_H

/**
 * All of di: what a program that declares or uses containers includes.
 *
 * The macros of tables are for C; a C++ file gets the functions only, and calls the accessors of a
 * table through functions of its own in C.
 */

#include "containers/builder.h"
#include "containers/container.h"
#include "containers/graph.h"
#include "di/allocator.h"
#include "di/async.h"
#include "di/await.h"
#include "di/call.h"
#include "di/capture.h"
#include "di/compiler.h"
#include "di/context.h"
#include "di/error.h"
#include "di/flow.h"
#include "di/generator.h"
#include "di/key.h"
#include "di/local.h"
#include "di/local_map.h"
#include "di/observer.h"
#include "di/provider.h"
#include "di/scope.h"
#include "di/thread.h"
#include "di/type.h"

#ifndef __cplusplus
#include "containers/exports.h"
#include "containers/table.h"
#include "di/handler.h"
#include "di/handler_async.h"
#include "providers/async_context_resource.h"
#include "providers/async_factory.h"
#include "providers/async_resource.h"
#include "providers/async_singleton.h"
#include "providers/context_resource.h"
#include "providers/dict.h"
#include "providers/factory.h"
#include "providers/lazy.h"
#include "providers/list.h"
#include "providers/object.h"
#include "providers/resource.h"
#include "providers/selector.h"
#include "providers/singleton.h"
#include "providers/state.h"
#include "providers/thread_singleton.h"
#endif

#endif
