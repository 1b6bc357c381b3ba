/* A call that may block, as cancellation point: not begun when a cancellation is due. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* long __pte_point(call, a, b, c, d, e). Between __pte_point_begin and __pte_point_end the call has had no effect yet:
   the handler of the cancellation signal sends a thread that it finds there to __pte_point_cancelled. Behind it, the
   kernel ends the wait with -EINTR. So no cancellation falls between the look and the wait. */
#define EINTR 4
#define CANCEL_DUE 0xff00000d
#define CANCEL_PENDING 4

	.text
	.globl	__pte_point, __pte_point_begin, __pte_point_end, __pte_point_cancelled
	.hidden	__pte_point, __pte_point_begin, __pte_point_end, __pte_point_cancelled
	.type	__pte_point, @function
__pte_point:
	.cfi_startproc
	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %rcx
	movq	%r9, %r8
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
__pte_point_begin:
	movl	%fs:__pte_self@tpoff, %r10d
	andl	$CANCEL_DUE, %r10d
	cmpl	$CANCEL_PENDING, %r10d
	je	__pte_point_cancelled
	call	*%rax
__pte_point_end:
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	ret
__pte_point_cancelled:
	.cfi_adjust_cfa_offset 8
	movq	$-EINTR, %rax
	jmp	__pte_point_end
	.cfi_endproc
	.size	__pte_point, . - __pte_point

	.section	.note.GNU-stack, "", @progbits
