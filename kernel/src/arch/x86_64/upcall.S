# Ring 3's ends of faults and interrupts: save what Rust may clobber, call, and for interrupts go back.
# SPDX-License-Identifier: BSD-3-Clause

# All of the program's registers as in FaultRecord::registers; rsp's place is not used.
    .macro SAVE_REGISTERS
    push %r15
    push %r14
    push %r13
    push %r12
    push %r11
    push %r10
    push %r9
    push %r8
    push %rsp
    push %rbp
    push %rdi
    push %rsi
    push %rdx
    push %rcx
    push %rbx
    push %rax
    .endm
    .macro RESTORE_REGISTERS
    pop %rax
    pop %rbx
    pop %rcx
    pop %rdx
    pop %rsi
    pop %rdi
    pop %rbp
    pop %r8                             # rsp's place
    pop %r8
    pop %r9
    pop %r10
    pop %r11
    pop %r12
    pop %r13
    pop %r14
    pop %r15
    .endm

# On the upcall stack of the thread, mask = 1, the interrupted rip, rflags and rsp in the core block, all other registers as they were.
    .section .text.hermit_irq_upcall, "ax", @progbits
    .globl hermit_irq_upcall
    .type hermit_irq_upcall, @function
hermit_irq_upcall:
    pushq $SEL_USER_DATA
    pushq %gs:BLOCK_IRQ_RSP
    pushq %gs:BLOCK_IRQ_RFLAGS
    pushq $SEL_USER_CODE
    pushq %gs:BLOCK_IRQ_RIP
    .globl hermit_irq_again
hermit_irq_again:
    SAVE_REGISTERS
    mov %rsp, %rbx
    sub hermit_xsave_size(%rip), %rsp
    and $-64, %rsp
    # The header of an XSAVE area must be zero but for the bits that XSAVE itself sets.
    xor %eax, %eax
    lea XSAVE_HEADER(%rsp), %rdi
    mov $XSAVE_HEADER_WORDS, %ecx
    rep stosq
    # Named, not all that XCR0 has: under a software KVM ring 3 sees the host's XCR0, with more than our area holds.
    mov $XCR0_WANTED, %eax
    xor %edx, %edx
    xsave64 (%rsp)
    # As any C function may expect it: no values on the x87 stack. A thread that is switched to here restores just its control words.
    fninit
    call hermit_on_interrupt
# What goes on then is what frame (rbx) and area (rsp) say; a signal makes them say its handler.
    .globl hermit_upcall_return
hermit_upcall_return:
    mov %rbx, %rdi
    mov %rsp, %rsi
    call hermit_on_return
    mov $XCR0_WANTED, %eax
    xor %edx, %edx
    xrstor64 (%rsp)
    mov %rbx, %rsp
    RESTORE_REGISTERS
    # From the unmasking on, an interrupt may come at every instruction: the nub then sends it back to hermit_irq_again.
    movq $0, %gs:BLOCK_MASK
    .globl hermit_upcall_window
hermit_upcall_window:
    cmpq $0, %gs:BLOCK_PENDING
    jne 1f
    iretq
1:
    movq $1, %gs:BLOCK_MASK             # last instruction of the window
    .set UPCALL_WINDOW, 1b - hermit_upcall_window
    jmp hermit_irq_again
    .size hermit_irq_upcall, . - hermit_irq_upcall

# On the fault stack, everything but rip, rflags and rsp as it was: makes an array of FaultRecord's registers. Does not come back,
# unless a handler of the program's takes the fault, or it belongs to one of the two copies that may meet memory that is not there.
    .section .text.hermit_fault_upcall, "ax", @progbits
    .globl hermit_fault_upcall
    .type hermit_fault_upcall, @function
hermit_fault_upcall:
    SAVE_REGISTERS
    mov %gs:BLOCK_FAULT_RSP, %rax
    mov %rax, FAULT_RSP(%rsp)
    lea hermit_probe_fault(%rip), %rax
    cmp %rax, %gs:BLOCK_FAULT_RIP
    je 1f
    lea hermit_user_copy_fault(%rip), %rax
    cmp %rax, %gs:BLOCK_FAULT_RIP
    je 2f
    mov %rsp, %rbx
    sub hermit_xsave_size(%rip), %rsp
    and $-64, %rsp
    xor %eax, %eax
    lea XSAVE_HEADER(%rsp), %rdi
    mov $XSAVE_HEADER_WORDS, %ecx
    rep stosq
    mov $XCR0_WANTED, %eax
    xor %edx, %edx
    xsave64 (%rsp)
    mov %rbx, %rdi
    mov %rsp, %rsi
    call hermit_on_fault
    # A handler takes it: as if an interrupt had come where the fault did.
    mov $XCR0_WANTED, %eax
    xor %edx, %edx
    xrstor64 (%rsp)
    mov %rbx, %rsp
    RESTORE_REGISTERS
    mov %gs:BLOCK_IRQ_STACK, %rsp
    movq $0, %gs:BLOCK_FAULT_ACTIVE
    jmp hermit_irq_upcall
1:                                      # the probe ends where it faulted; its registers are still those of the fault
    mov %gs:BLOCK_FAULT_RSP, %rsp
    jmp hermit_probe_end
2:                                      # so does the copy, which is masked
    mov %gs:BLOCK_FAULT_RSP, %rsp
    movq $0, %gs:BLOCK_FAULT_ACTIVE
    jmp hermit_user_copy_end
    .size hermit_fault_upcall, . - hermit_fault_upcall

# extern "C" fn hermit_probe_copy(to, from, len) -> bytes copied: only for the fault handler. Copies what can be read. A fault on the
# way arrives below the frames that the fault stack holds already, and ends the copy.
    .section .text.hermit_probe_copy, "ax", @progbits
    .globl hermit_probe_copy
    .type hermit_probe_copy, @function
hermit_probe_copy:
    mov %rdx, %r8
    mov %gs:BLOCK_FAULT_STACK, %r9
    lea -PROBE_STACK(%rsp), %rax
    and $-16, %rax
    mov %rax, %gs:BLOCK_FAULT_STACK
    mov %rdx, %rcx
    movq $0, %gs:BLOCK_FAULT_ACTIVE
hermit_probe_fault:
    rep movsb
    movq $1, %gs:BLOCK_FAULT_ACTIVE
hermit_probe_end:
    mov %r9, %gs:BLOCK_FAULT_STACK
    mov %r8, %rax
    sub %rcx, %rax
    ret
    .size hermit_probe_copy, . - hermit_probe_copy
