/* SPDX-License-Identifier: MIT */
#ifndef DI_PROBE_H
#define DI_PROBE_H

/* private */

/**
 * USDT probes, for perf, bpftrace and gdb: di:created and di:torn_down, each with the provider's
 * descriptor (NULL for a deferred call) and the context. A probe nobody listens to is one nop;
 * without <sys/sdt.h> there are none.
 */

#if defined(__has_include)
#if __has_include(<sys/sdt.h>)
#include <sys/sdt.h>
#endif
#endif

#if defined(DTRACE_PROBE2) && defined(__clang__)
/* The macros of <sys/sdt.h> leave a variadic one without arguments, about which clang is strict. */
#define DI__PROBE(name_, provider_, context_)                                                      \
	_Pragma("clang diagnostic push")                                                           \
	_Pragma("clang diagnostic ignored \"-Wgnu-zero-variadic-macro-arguments\"")                \
	DTRACE_PROBE2(di, name_, provider_, context_);                                             \
	_Pragma("clang diagnostic pop")
#elif defined(DTRACE_PROBE2)
#define DI__PROBE(name_, provider_, context_) DTRACE_PROBE2(di, name_, provider_, context_)
#else
#define DI__PROBE(name_, provider_, context_) ((void)0)
#endif

#endif
