# Switching between threads, and a thread's first steps.
# SPDX-License-Identifier: BSD-3-Clause

# extern "C" fn hermit_switch(save: *mut u64, load: u64, left: u64) -> u64: keeps what a C call must keep on the stack, its address in
# *save, and goes on where `load` was kept; what was left behind there is told as the result. context.rs knows the frame.
    .section .text.hermit_switch, "ax", @progbits
    .globl hermit_switch
    .type hermit_switch, @function
hermit_switch:
    .cfi_startproc
    push %rbp
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbp, 0
    push %rbx
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %rbx, 0
    push %r12
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r12, 0
    push %r13
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r13, 0
    push %r14
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r14, 0
    push %r15
    .cfi_adjust_cfa_offset 8
    .cfi_rel_offset %r15, 0
    sub $8, %rsp
    .cfi_adjust_cfa_offset 8
    stmxcsr (%rsp)
    fnstcw 4(%rsp)
    fnstsw 6(%rsp)
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    .globl hermit_switched
hermit_switched:
    ldmxcsr (%rsp)
    fnstsw %ax
    xor 6(%rsp), %ax
    test $X87_EXCEPTIONS, %al
    jnz 2f                              # another thread's exceptions are noted, or its own are not
1:  fldcw 4(%rsp)
    add $8, %rsp
    .cfi_adjust_cfa_offset -8
    pop %r15
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r15
    pop %r14
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r14
    pop %r13
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r13
    pop %r12
    .cfi_adjust_cfa_offset -8
    .cfi_restore %r12
    pop %rbx
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbx
    pop %rbp
    .cfi_adjust_cfa_offset -8
    .cfi_restore %rbp
    mov %rdx, %rax
    ret
    .cfi_adjust_cfa_offset 56
2:  sub $32, %rsp
    .cfi_adjust_cfa_offset 32
    fnstenv (%rsp)
    mov 32 + 6(%rsp), %ax
    mov %ax, 4(%rsp)
    andw $~X87_TOP & 0xffff, 4(%rsp)    # the x87 stack is empty at a call
    fldenv (%rsp)
    add $32, %rsp
    .cfi_adjust_cfa_offset -32
    jmp 1b
    .cfi_endproc
    .size hermit_switch, . - hermit_switch

# Where a new context goes on: r12 its function, r13 the argument; rax what was left behind. The outermost frame.
    .section .text.hermit_thread_begin, "ax", @progbits
    .globl hermit_thread_begin
    .type hermit_thread_begin, @function
hermit_thread_begin:
    .cfi_startproc
    .cfi_undefined %rip
    xor %ebp, %ebp
    mov %rax, %rdi
    call hermit_switched_to
    mov %r13, %rdi
    call *%r12
    ud2
    .cfi_endproc
    .size hermit_thread_begin, . - hermit_thread_begin
