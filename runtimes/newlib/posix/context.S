/* getcontext(), setcontext() and swapcontext(): registers that calls preserve, and the mask of signals. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* ucontext_t: uc_link 8, stack 16, gregs 40 (8 bytes each, in the order of sys/ucontext.h), fpregs 224, mask 296. */
#define GREG(number) (40 + 8 * (number))
#define R8 GREG(0)
#define R9 GREG(1)
#define R12 GREG(4)
#define R13 GREG(5)
#define R14 GREG(6)
#define R15 GREG(7)
#define RDI GREG(8)
#define RSI GREG(9)
#define RBP GREG(10)
#define RBX GREG(11)
#define RDX GREG(12)
#define RCX GREG(14)
#define RSP GREG(15)
#define RIP GREG(16)
/* MXCSR and the x87 control word stay in __reserved: there is no XSAVE area here. */
#define MXCSR 232
#define X87 236
#define MASK 296
#define SIG_SETMASK 0

/* What calls preserve, and where the caller goes on, into the context at rdi. */
	.macro	save
	movq	%rbx, RBX(%rdi)
	movq	%rbp, RBP(%rdi)
	movq	%r12, R12(%rdi)
	movq	%r13, R13(%rdi)
	movq	%r14, R14(%rdi)
	movq	%r15, R15(%rdi)
	movq	(%rsp), %rax
	movq	%rax, RIP(%rdi)
	leaq	8(%rsp), %rax
	movq	%rax, RSP(%rdi)
	stmxcsr	MXCSR(%rdi)
	fnstcw	X87(%rdi)
	.endm

	.text

	.globl	getcontext
	.type	getcontext, @function
getcontext:
	.cfi_startproc
	movq	%rdi, RDI(%rdi)
	save
	leaq	MASK(%rdi), %rdx
	xorl	%esi, %esi
	movl	$SIG_SETMASK, %edi
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	__hermit_context_mask
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	xorl	%eax, %eax
	ret
	.cfi_endproc
	.size	getcontext, .-getcontext

	.globl	swapcontext
	.type	swapcontext, @function
swapcontext:
	.cfi_startproc
	save
	movq	%rsi, %rbx
	leaq	MASK(%rdi), %rdx
	leaq	MASK(%rsi), %rsi
	movl	$SIG_SETMASK, %edi
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	__hermit_context_mask
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	movq	%rbx, %rdi
	jmp	.Lload
	.cfi_endproc
	.size	swapcontext, .-swapcontext

	.globl	setcontext
	.type	setcontext, @function
setcontext:
	.cfi_startproc
	movq	%rdi, %rbx
	leaq	MASK(%rdi), %rsi
	xorl	%edx, %edx
	movl	$SIG_SETMASK, %edi
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	call	__hermit_context_mask
	movq	%rbx, %rdi
.Lload:
	ldmxcsr	MXCSR(%rdi)
	fldcw	X87(%rdi)
	movq	RBX(%rdi), %rbx
	movq	RBP(%rdi), %rbp
	movq	R12(%rdi), %r12
	movq	R13(%rdi), %r13
	movq	R14(%rdi), %r14
	movq	R15(%rdi), %r15
	movq	RSP(%rdi), %rsp
	movq	RIP(%rdi), %rax
	pushq	%rax
	movq	RSI(%rdi), %rsi
	movq	RDX(%rdi), %rdx
	movq	RCX(%rdi), %rcx
	movq	R8(%rdi), %r8
	movq	R9(%rdi), %r9
	movq	RDI(%rdi), %rdi
	xorl	%eax, %eax
	ret
	.cfi_endproc
	.size	setcontext, .-setcontext

/* Where a function of makecontext()'s returns to: rbx holds its context, of which uc_link goes on. */
	.globl	__hermit_context_end
	.hidden	__hermit_context_end
	.type	__hermit_context_end, @function
__hermit_context_end:
	.cfi_startproc
	.cfi_undefined %rip
	movq	8(%rbx), %rdi
	testq	%rdi, %rdi
	jz	1f
	call	setcontext
1:	xorl	%edi, %edi
	call	__hermit_context_over
	ud2
	.cfi_endproc
	.size	__hermit_context_end, .-__hermit_context_end

	.section .note.GNU-stack,"",@progbits
