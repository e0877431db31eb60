/* SPDX-License-Identifier: MIT */
#if !defined(_XOPEN_SOURCE)
#define _XOPEN_SOURCE 700 /* for ucontext.h */
#endif
#include "integrations/fiber/switch.h"

#include "di/compiler.h"

#include <stdint.h>

#ifdef DI__FIBER_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef DI__FIBER_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* ---- What sanitizers are told. ---- */

static inline void before_switch(struct di__fiber_place *from, struct di__fiber_place *to, int ends)
{
#ifdef DI__FIBER_ASAN
	/* The fake stack of what ends is freed. */
	__sanitizer_start_switch_fiber(ends ? NULL : &from->fake, to->stack, to->size);
#endif
#ifdef DI__FIBER_TSAN
	__tsan_switch_to_fiber(to->fiber, 0);
#endif
	(void)from;
	(void)to;
	(void)ends;
}

/* Who is switched to is who switches back, though perhaps on another stack. */
static inline void after_switch(struct di__fiber_place *here, struct di__fiber_place *other)
{
#ifdef DI__FIBER_ASAN
	__sanitizer_finish_switch_fiber(here->fake, &other->stack, &other->size);
#endif
	(void)here;
	(void)other;
}

static void begin_place(struct di__fiber_place *place, void *stack, size_t size)
{
#ifdef DI__FIBER_ASAN
	place->fake = NULL;
	place->stack = stack;
	place->size = size;
	/* What ended there left its frames. */
	__asan_unpoison_memory_region(stack, size);
#endif
#ifdef DI__FIBER_TSAN
	place->fiber = __tsan_create_fiber(0);
#endif
	(void)place;
	(void)stack;
	(void)size;
}

void di__fiber_arrived(struct di__fiber_place *from)
{
#ifdef DI__FIBER_ASAN
	__sanitizer_finish_switch_fiber(NULL, &from->stack, &from->size);
#endif
	(void)from;
}

void di__fiber_place_release(struct di__fiber_place *place)
{
#ifdef DI__FIBER_TSAN
	__tsan_destroy_fiber(place->fiber);
#endif
	(void)place;
}

void di__fiber_place_of_caller(struct di__fiber_place *place)
{
#ifdef DI__FIBER_TSAN
	place->fiber = __tsan_get_current_fiber();
#endif
	(void)place;
}

/* ---- The switch. ---- */

#ifdef DI_FIBER_UCONTEXT

/* makecontext() passes ints. */
static void enter(unsigned entry_high, unsigned entry_low, unsigned data_high, unsigned data_low)
{
	uintptr_t entry = (uintptr_t)((uint64_t)entry_high << 32 | entry_low);
	uintptr_t data = (uintptr_t)((uint64_t)data_high << 32 | data_low);

	((di__fiber_entry_fn *)entry)((void *)data);
}

static unsigned high(uintptr_t value)
{
	return (unsigned)((uint64_t)value >> 32);
}

static unsigned low(uintptr_t value)
{
	return (unsigned)((uint64_t)value & UINT32_MAX);
}

void di__fiber_place_init(struct di__fiber_place *place, void *stack, size_t size,
			  di__fiber_entry_fn *entry, void *data)
{
	uintptr_t function = (uintptr_t)entry, argument = (uintptr_t)data;

	begin_place(place, stack, size);
	getcontext(&place->context);
	place->context.uc_stack.ss_sp = stack;
	place->context.uc_stack.ss_size = size;
	place->context.uc_link = NULL;
	makecontext(&place->context, (void (*)(void))enter, 4, high(function), low(function),
		    high(argument), low(argument));
}

static inline void swap(struct di__fiber_place *from, struct di__fiber_place *to)
{
	swapcontext(&from->context, &to->context);
}

#else

/* Keeps what a called function has to keep, and the stack, at *top; goes on at to. */
void di__fiber_swap(void **top, void *to);
/* Where a new stack begins: calls the function in the first kept register with the second. */
void di__fiber_begin(void);

#ifdef __x86_64__

/*
 * The control words of both floating point units are kept too, as the ABI has it. A jump is guessed
 * rightly more often than a return, for which the processor remembers who has called.
 */
__asm__(".text\n"
	".p2align 4\n"
	".globl di__fiber_swap\n"
	".hidden di__fiber_swap\n"
	".type di__fiber_swap, @function\n"
	"di__fiber_swap:\n"
	"	pushq %rbp\n"
	"	pushq %rbx\n"
	"	pushq %r15\n"
	"	pushq %r14\n"
	"	pushq %r13\n"
	"	pushq %r12\n"
	"	subq $8, %rsp\n"
	"	stmxcsr (%rsp)\n"
	"	fnstcw 4(%rsp)\n"
	"	movq %rsp, (%rdi)\n"
	"	movq %rsi, %rsp\n"
	"	ldmxcsr (%rsp)\n"
	"	fldcw 4(%rsp)\n"
	"	addq $8, %rsp\n"
	"	popq %r12\n"
	"	popq %r13\n"
	"	popq %r14\n"
	"	popq %r15\n"
	"	popq %rbx\n"
	"	popq %rbp\n"
	"	popq %rcx\n"
	"	notrack jmp *%rcx\n"
	".size di__fiber_swap, .-di__fiber_swap\n"
	".p2align 4\n"
	".globl di__fiber_begin\n"
	".hidden di__fiber_begin\n"
	".type di__fiber_begin, @function\n"
	"di__fiber_begin:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined rip\n"
	"	movq %r13, %rdi\n"
	"	call *%r12\n"
	"	ud2\n"
	"	.cfi_endproc\n"
	".size di__fiber_begin, .-di__fiber_begin\n");

enum {
	WORDS = 10, /* the control words, six registers, where it begins, and where that returns */
	ENTRY = 1,
	DATA = 2,
	BEGIN = 7
};

static void begin_words(void **words)
{
	uint32_t mxcsr;
	uint16_t control;

	__asm__("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(control));
	words[0] = (void *)((uint64_t)control << 32 | mxcsr);
}

#else

/* The control word of the floating point unit is kept, and written only if it differs. */
__asm__(".text\n"
	".p2align 4\n"
	".globl di__fiber_swap\n"
	".hidden di__fiber_swap\n"
	".type di__fiber_swap, %function\n"
	"di__fiber_swap:\n"
	"	sub sp, sp, #176\n"
	"	stp x19, x20, [sp]\n"
	"	stp x21, x22, [sp, #16]\n"
	"	stp x23, x24, [sp, #32]\n"
	"	stp x25, x26, [sp, #48]\n"
	"	stp x27, x28, [sp, #64]\n"
	"	stp x29, x30, [sp, #80]\n"
	"	stp d8, d9, [sp, #96]\n"
	"	stp d10, d11, [sp, #112]\n"
	"	stp d12, d13, [sp, #128]\n"
	"	stp d14, d15, [sp, #144]\n"
	"	mrs x10, fpcr\n"
	"	str x10, [sp, #160]\n"
	"	mov x9, sp\n"
	"	str x9, [x0]\n"
	"	mov sp, x1\n"
	"	ldp x19, x20, [sp]\n"
	"	ldp x21, x22, [sp, #16]\n"
	"	ldp x23, x24, [sp, #32]\n"
	"	ldp x25, x26, [sp, #48]\n"
	"	ldp x27, x28, [sp, #64]\n"
	"	ldp x29, x30, [sp, #80]\n"
	"	ldp d8, d9, [sp, #96]\n"
	"	ldp d10, d11, [sp, #112]\n"
	"	ldp d12, d13, [sp, #128]\n"
	"	ldp d14, d15, [sp, #144]\n"
	"	ldr x11, [sp, #160]\n"
	"	add sp, sp, #176\n"
	"	cmp x10, x11\n"
	"	b.eq 1f\n"
	"	msr fpcr, x11\n"
	"1:	ret\n"
	".size di__fiber_swap, .-di__fiber_swap\n"
	".p2align 4\n"
	".globl di__fiber_begin\n"
	".hidden di__fiber_begin\n"
	".type di__fiber_begin, %function\n"
	"di__fiber_begin:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined x30\n"
	"	mov x0, x20\n"
	"	blr x19\n"
	"	brk #1\n"
	"	.cfi_endproc\n"
	".size di__fiber_begin, .-di__fiber_begin\n");

enum {
	WORDS = 22, /* 12 registers, 8 of floating point, the control word, and one to be even */
	ENTRY = 0,
	DATA = 1,
	BEGIN = 11,
	CONTROL = 20
};

static void begin_words(void **words)
{
	uint64_t control;

	__asm__("mrs %0, fpcr" : "=r"(control));
	words[CONTROL] = (void *)control;
}

#endif

void di__fiber_place_init(struct di__fiber_place *place, void *stack, size_t size,
			  di__fiber_entry_fn *entry, void *data)
{
	void **words = (void **)(void *)((char *)stack + size) - WORDS;
	int i;

	begin_place(place, stack, size);
	for (i = 0; i < WORDS; i++)
		words[i] = NULL;
	begin_words(words);
	words[ENTRY] = (void *)(uintptr_t)entry;
	words[DATA] = data;
	words[BEGIN] = (void *)(uintptr_t)di__fiber_begin;
	place->top = words;
}

static inline void swap(struct di__fiber_place *from, struct di__fiber_place *to)
{
	di__fiber_swap(&from->top, to->top);
}

#endif

void di__fiber_switch(struct di__fiber_place *from, struct di__fiber_place *to)
{
	before_switch(from, to, 0);
	swap(from, to);
	after_switch(from, to);
}

void di__fiber_leave(struct di__fiber_place *from, struct di__fiber_place *to)
{
	before_switch(from, to, 1);
	swap(from, to);
}
