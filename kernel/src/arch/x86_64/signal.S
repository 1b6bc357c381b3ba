# Signals: the ways into and out of a handler. All of them end in the upcall's last instructions.
# SPDX-License-Identifier: BSD-3-Clause

# extern "C" fn hermit_signal_door(): masked, on a thread's own stack. As if an interrupt came here: the upcall delivers what is
# pending, and goes on behind this call, unmasked.
    .section .text.hermit_signal_door, "ax", @progbits
    .globl hermit_signal_door
    .type hermit_signal_door, @function
hermit_signal_door:
    .cfi_startproc
    pushfq
    .cfi_adjust_cfa_offset 8
    popq %gs:BLOCK_IRQ_RFLAGS
    .cfi_adjust_cfa_offset -8
    mov %rsp, %gs:BLOCK_IRQ_RSP
    lea 1f(%rip), %rax
    mov %rax, %gs:BLOCK_IRQ_RIP
    mov %gs:BLOCK_IRQ_STACK, %rsp
    jmp hermit_irq_upcall
1:
    ret
    .cfi_endproc
    .size hermit_signal_door, . - hermit_signal_door

# Where a handler returns to, rsp at its ucontext. Everything is taken from there; the stack is left for the thread's upcall stack,
# which is free while the thread runs its own code. Its unwinding entry leads to the interrupted code: it begins one instruction early,
# as a caller is looked for right before the address that its callee returns to.
    .section .text.hermit_signal_return, "ax", @progbits
    .globl hermit_signal_return
    .type hermit_signal_frame, @function
hermit_signal_frame:
    .cfi_startproc simple
    .cfi_signal_frame
    .cfi_def_cfa %rsp, 0
    .cfi_offset %rax, USER_R8 + 13 * 8
    .cfi_offset %rdx, USER_R8 + 12 * 8
    .cfi_offset %rcx, USER_R8 + 14 * 8
    .cfi_offset %rbx, USER_R8 + 11 * 8
    .cfi_offset %rsi, USER_R8 + 9 * 8
    .cfi_offset %rdi, USER_R8 + 8 * 8
    .cfi_offset %rbp, USER_R8 + 10 * 8
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7
    .cfi_offset 8 + \n, USER_R8 + \n * 8
    .endr
    .cfi_offset %rsp, USER_RSP
    .cfi_offset %rip, USER_RIP
    nop
hermit_signal_return:
    movq $1, %gs:BLOCK_MASK
    mov %rsp, %rdi
    mov %gs:BLOCK_IRQ_STACK, %rsp
    sub $FRAME_BYTES, %rsp
    mov %rsp, %rbx
    mov %rsp, %rsi
    sub hermit_xsave_size(%rip), %rsp
    and $-64, %rsp
    mov %rsp, %rdx
    cld
    call hermit_on_signal_return
    jmp hermit_upcall_return
    .cfi_endproc
    .size hermit_signal_frame, . - hermit_signal_frame

# extern "C" fn hermit_user_copy(to, from, len) -> bytes not copied. Masked; memory that is not there ends it.
    .section .text.hermit_user_copy, "ax", @progbits
    .globl hermit_user_copy
    .type hermit_user_copy, @function
hermit_user_copy:
    .cfi_startproc
    mov %rdx, %rcx
    .globl hermit_user_copy_fault
hermit_user_copy_fault:
    rep movsb
    .globl hermit_user_copy_end
hermit_user_copy_end:
    mov %rcx, %rax
    ret
    .cfi_endproc
    .size hermit_user_copy, . - hermit_user_copy
