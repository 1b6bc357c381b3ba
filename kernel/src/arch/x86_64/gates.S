# The gates: what ring 3 may ask of the nub. In: rax number, rdi, rsi, rdx, rcx; out: rax; clobbers what a C call does.
# SPDX-License-Identifier: BSD-3-Clause

# Ring 3's side: extern "C" fn hermit_gate(rdi, rsi, rdx, rcx, number) -> i64.
    .section .text.hermit_gate, "ax", @progbits
    .globl hermit_gate
    .type hermit_gate, @function
hermit_gate:
    .cfi_startproc
    mov %r8, %rax
    int3
    .globl hermit_gate_return
hermit_gate_return:
    ret
    .cfi_endproc
    .size hermit_gate, . - hermit_gate

    .section .nub.text, "ax", @progbits
nub_gate:
    cld                                 # the one flag of ring 3's that string instructions would obey
    mov %rsp, %r8
    and $-NUB_CORE, %r8
    cmp $GATE_WAIT, %rax
    je nub_gate_wait
    cmp $GATE_TIMER, %rax
    je nub_gate_timer
    cmp $GATE_MAP, %rax
    je nub_gate_map
    cmp $GATE_PROTECT, %rax
    je nub_gate_protect
    cmp $GATE_TIMER_COUNT, %rax
    je nub_gate_timer_count
    cmp $GATE_IPI, %rax
    je nub_gate_ipi
    cmp $GATE_FLUSH, %rax
    je nub_gate_flush
    cmp $GATE_SEAL, %rax
    je nub_gate_seal
    cmp $GATE_START, %rax
    je nub_gate_start
nub_gate_refuse:
    mov $-1, %rax
    iretq

# Waits until an interrupt is pending. IF is 0 here but for the hlt: none is lost between test and halt.
nub_gate_wait:
    mov NUB_BLOCK(%r8), %r8
nub_gate_wait_again:
    cmpq $0, BLOCK_PENDING(%r8)
    jne nub_gate_done
    sti
    hlt
    cli                                 # what ended the hlt may have been answered in the nub alone, as a shoot-down is
    jmp nub_gate_wait_again

# Arms the timer for rdi ns, at most what its counter holds (4.29 s); 0 turns it off.
nub_gate_timer:
    mov $0xffffffff, %eax
    cmp %rax, %rdi
    cmova %rax, %rdi
    mov NUB_LAPIC(%r8), %rax
    mov %edi, LAPIC_INITIAL_COUNT(%rax)
nub_gate_done:
    xor %eax, %eax
    iretq

nub_gate_timer_count:
    mov NUB_LAPIC(%r8), %rax
    mov LAPIC_CURRENT_COUNT(%rax), %eax
    iretq

# Others changed the tables while this core was halted.
nub_gate_flush:
    mov %cr3, %rax
    mov %rax, %cr3
    jmp nub_gate_done

# Vector rsi, one of the libOS's, to core rdi; INIT and SIPI cannot be made from it.
nub_gate_ipi:
    lea -VECTOR_BASE(%rsi), %rax
    cmp $VECTOR_SPURIOUS - VECTOR_BASE, %rax
    jae nub_gate_refuse
    cmp $MAX_CORES, %rdi
    jae nub_gate_refuse
    mov NUB_LAPIC(%r8), %rax
    shl $24, %edi
    mov %edi, LAPIC_ICR_HIGH(%rax)
    mov %esi, LAPIC_ICR_LOW(%rax)
    jmp nub_gate_done

# Leaves the crude tables of early boot for the final ones, once: only the early core's stack may ask. rdi: NubShared, rsi: RSP0.
nub_gate_seal:
    lea hermit_early_core(%rip), %rax
    cmp %rax, %r8
    jne nub_gate_refuse
    lock btsq $STARTABLE, NUB_SHARED_FLAGS(%rdi)
# The same for a core that just woke on those tables.
nub_enter_final:
    mov %rsi, %rsp
    mov NUB_SHARED_CR3(%rdi), %rax
    mov %rax, %cr3
    mov $7, %eax
    xor %ecx, %ecx
    cpuid
    test $CPUID_7_EBX_SMEP, %ebx
    jz nub_gate_sealed
    mov %cr4, %rax
    or $CR4_SMEP, %rax
    mov %rax, %cr4
nub_gate_sealed:
    mov %rsp, %rdi
    and $-NUB_CORE, %rdi
    jmp nub_start_core
