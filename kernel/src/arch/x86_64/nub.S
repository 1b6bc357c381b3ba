# The nub, ring 0: entry code of all vectors, faults and interrupts turned into upcalls, panic. Few instructions: a software KVM
# emulates each of them. It knows its core by its stack alone, and trusts nothing that ring 3 can write but as a value.
# SPDX-License-Identifier: BSD-3-Clause

    .section .nub.text, "ax", @progbits
    .balign 4096

# Vector n enters at hermit_vectors + n * VECTOR_STRIDE with the CPU's frame; an error code is pushed where the CPU has none.
    .globl hermit_vectors
hermit_vectors:
    .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36,37,38,39,40,41,42,43,44,45,46,47
    .balign VECTOR_STRIDE
    .if \n == 3
    jmp nub_breakpoint
    .elseif \n == VECTOR_SHOOTDOWN
    jmp nub_shootdown
    .elseif \n == VECTOR_SPURIOUS
    iretq
    .elseif \n >= VECTOR_BASE
    pushq $\n
    jmp nub_interrupt
    .elseif \n == 2
    pushq $0
    pushq $\n
    jmp nub_panic
    .elseif \n == 8
    pushq $\n
    jmp nub_panic
    .elseif (\n >= 10 && \n <= 14) || \n == 17 || \n == 21 || \n == 29 || \n == 30
    pushq $\n
    jmp nub_exception
    .else
    pushq $0
    pushq $\n
    jmp nub_exception
    .endif
    .endr
    .balign VECTOR_STRIDE

# A breakpoint is a gate if it comes from the one known place, else the program's own SIGTRAP.
nub_breakpoint:
    push %rbx
    lea hermit_gate_return(%rip), %rbx
    cmp %rbx, 8(%rsp)
    pop %rbx
    je nub_gate
    pushq $0
    pushq $3

# An exception: from ring 3 it is noted in the core block and ring 3 goes on at the fault upcall, on the fault stack, with all
# registers as they were. A second one before the libOS is done, or one of the nub's own, is the end.
nub_exception:                          # 0 vector, 8 error, 16 rip, 24 cs, 32 rflags, 40 rsp, 48 ss
    testb $3, 24(%rsp)
    jz nub_panic
    push %rbx
    mov %rsp, %rbx
    and $-NUB_CORE, %rbx
    mov NUB_BLOCK(%rbx), %rbx
    cmpq $0, BLOCK_FAULT_ACTIVE(%rbx)
    jne nub_panic_again
    push %rax                           # 0 rax, 8 rbx, 16 vector, 24 error, 32 rip, 40 cs, 48 rflags, 56 rsp, 64 ss
    movq $1, BLOCK_FAULT_ACTIVE(%rbx)
    mov BLOCK_MASK(%rbx), %rax
    mov %rax, BLOCK_FAULT_MASK(%rbx)
    movq $1, BLOCK_MASK(%rbx)
    mov 16(%rsp), %rax
    mov %rax, BLOCK_FAULT_VECTOR(%rbx)
    mov 24(%rsp), %rax
    mov %rax, BLOCK_FAULT_ERROR(%rbx)
    mov 32(%rsp), %rax
    mov %rax, BLOCK_FAULT_RIP(%rbx)
    mov 48(%rsp), %rax
    mov %rax, BLOCK_FAULT_RFLAGS(%rbx)
    mov 56(%rsp), %rax
    mov %rax, BLOCK_FAULT_RSP(%rbx)
    mov %cr2, %rax
    mov %rax, BLOCK_FAULT_ADDRESS(%rbx)
    mov BLOCK_FAULT_STACK(%rbx), %rax
    mov %rax, 56(%rsp)
    lea hermit_fault_upcall(%rip), %rax
    mov %rax, 32(%rsp)
    movq $USER_RFLAGS, 48(%rsp)
    pop %rax
    pop %rbx
    add $16, %rsp
    iretq

# An interrupt: EOI, note it, and if the program takes interrupts, go on at the upcall on the core's interrupt stack. The
# interrupted stack is not touched. From ring 0 it can only come at the hlt of GATE_WAIT: then it is only noted.
nub_interrupt:
    push %rax
    push %rbx
    push %rcx                           # 0 rcx, 8 rbx, 16 rax, 24 vector, 32 rip, 40 cs, 48 rflags, 56 rsp, 64 ss
    mov %rsp, %rbx
    and $-NUB_CORE, %rbx
    mov NUB_LAPIC(%rbx), %rax
    movl $0, LAPIC_EOI(%rax)
    mov NUB_BLOCK(%rbx), %rbx
    mov 24(%rsp), %eax
    sub $VECTOR_BASE, %eax
    btsq %rax, BLOCK_PENDING(%rbx)
    incq BLOCK_IRQ_COUNT(%rbx)
    testb $3, 40(%rsp)
    jz nub_interrupt_done
    cmpq $0, BLOCK_MASK(%rbx)
    jne nub_interrupt_done
    movq $1, BLOCK_MASK(%rbx)
    # Between the upcall's unmask and its iretq all is as it was when the upcall began, but for the frame at rsp: it begins anew there.
    mov 32(%rsp), %rax
    lea hermit_upcall_window(%rip), %rcx
    sub %rcx, %rax
    cmp $UPCALL_WINDOW, %rax
    ja nub_interrupt_plain
    lea hermit_irq_again(%rip), %rax
    mov %rax, 32(%rsp)
    jmp nub_interrupt_done
nub_interrupt_plain:
    mov 32(%rsp), %rax
    mov %rax, BLOCK_IRQ_RIP(%rbx)
    mov 48(%rsp), %rax
    mov %rax, BLOCK_IRQ_RFLAGS(%rbx)
    mov 56(%rsp), %rax
    mov %rax, BLOCK_IRQ_RSP(%rbx)
    mov BLOCK_IRQ_STACK(%rbx), %rax
    mov %rax, 56(%rsp)
    lea hermit_irq_upcall(%rip), %rax
    mov %rax, 32(%rsp)
    movq $USER_RFLAGS, 48(%rsp)
nub_interrupt_done:
    pop %rcx
    pop %rbx
    pop %rax
    add $8, %rsp
    iretq

# Another core changed the tables: answered here whatever the mask. Counted first: a third core that changes the tables behind the flush
# and waits for the count to change must not take this one for its own. Ring 3 goes on only when both are done.
nub_shootdown:
    push %rax
    push %rbx
    mov %rsp, %rbx
    and $-NUB_CORE, %rbx
    mov NUB_LAPIC(%rbx), %rax
    movl $0, LAPIC_EOI(%rax)
    mov NUB_BLOCK(%rbx), %rbx
    incq BLOCK_SHOOTDOWNS(%rbx)
    mov %cr3, %rax
    mov %rax, %cr3
    pop %rbx
    pop %rax
    iretq

# The end, with a vector and its frame on the stack: uhyve takes it at the port; elsewhere a line on the serial port, then QEMU's
# isa-debug-exit, then a triple fault.
nub_panic_again:
    pop %rbx
nub_panic:                              # 0 vector, 8 error, 16 rip
    mov (%rsp), %eax
    mov $PORT_PANIC, %edx
    out %eax, %dx
    mov $SERIAL_PORT, %edx
    lea nub_panic_text(%rip), %rsi
    call nub_puts
    mov (%rsp), %rbx
    call nub_hex
    lea nub_panic_at(%rip), %rsi
    call nub_puts
    mov 16(%rsp), %rbx
    call nub_hex
    mov $10, %al
    out %al, %dx
    mov $EXIT_PANIC, %eax
# Ends QEMU with exit code eax.
nub_stop:
    mov $DEBUG_EXIT_PORT, %edx
    out %al, %dx
    pushq $0
    pushq $0
    lidt (%rsp)
    ud2

# rsi: NUL-terminated text; dx: port.
nub_puts:
    mov (%rsi), %al
    test %al, %al
    jz nub_puts_done
    out %al, %dx
    inc %rsi
    jmp nub_puts
nub_puts_done:
    ret

# rbx in hex; dx: port.
nub_hex:
    mov $16, %ecx
nub_hex_digit:
    rol $4, %rbx
    mov %ebx, %eax
    and $15, %eax
    add $'0', %al
    cmp $'9', %al
    jbe nub_hex_out
    add $'a' - '9' - 1, %al
nub_hex_out:
    out %al, %dx
    dec %ecx
    jnz nub_hex_digit
    ret

    .section .nub.strings, "a", @progbits
nub_panic_text:
    .asciz "kernel: the nub cannot go on: vector 0x"
nub_panic_at:
    .asciz " at 0x"
