# The 64-bit entry: ring 0 on an isle, or ring 3 where somebody starts the image as a Linux program.
# SPDX-License-Identifier: BSD-3-Clause

    .section .nub.text, "ax", @progbits
    .globl _start
    .type _start, @function
_start:
    mov %cs, %eax
    test $3, %al
    jnz nub_on_linux

# rdi: this core's nub core; rsp: its RSP0; page tables, CR0, CR4 and EFER are set. Takes the core over and leaves for ring 3.
nub_start_core:
    mov NUB_SHARED(%rdi), %rsi
    mov NUB_BLOCK(%rdi), %rbx
    lgdt NUB_SHARED_GDTR + 6(%rsi)
    lidt NUB_SHARED_IDTR + 6(%rsi)
    mov BLOCK_CORE(%rbx), %eax
    shl $4, %eax
    add $SEL_TSS, %eax
    ltr %ax
    xor %eax, %eax
    mov %eax, %fs
    mov %eax, %gs
    wrfsbase %rax
    wrgsbase %rbx
    # `syscall` must not give ring 0: off, and where a host ignores that, it finds nothing but a ud2
    mov $MSR_EFER, %ecx
    rdmsr
    and $~EFER_SCE, %eax
    wrmsr
    mov $MSR_LSTAR, %ecx
    lea hermit_syscall_trap(%rip), %rax
    mov %rax, %rdx
    shr $32, %rdx
    wrmsr
    mov NUB_XCR0(%rdi), %rax
    test %rax, %rax
    jz nub_start_apic
    mov %rax, %rdx
    shr $32, %rdx
    xor %ecx, %ecx
    xsetbv
nub_start_apic:
    mov NUB_LAPIC(%rdi), %rax
    movl $LAPIC_ENABLE | VECTOR_SPURIOUS, LAPIC_SVR(%rax)
    movl $LAPIC_DIVIDE_1, LAPIC_DIVIDE(%rax)
    movl $VECTOR_TIMER, LAPIC_LVT_TIMER(%rax)
    pushq $SEL_USER_DATA
    pushq NUB_BOOT_RSP(%rdi)
    pushq $USER_RFLAGS
    pushq $SEL_USER_CODE
    lea hermit_main(%rip), %rax
    lea hermit_secondary(%rip), %rcx
    cmpq $0, BLOCK_CORE(%rbx)
    cmovne %rcx, %rax
    push %rax
    mov NUB_BOOT_INFO(%rdi), %rdi
    iretq

# Linux system calls: write(2, text, length), exit_group(126).
nub_on_linux:
    mov $1, %eax
    mov $2, %edi
    lea nub_linux_text(%rip), %rsi
    mov $nub_linux_end - nub_linux_text, %edx
    syscall
    mov $231, %eax
    mov $126, %edi
    syscall
    ud2

    .section .nub.strings, "a", @progbits
nub_linux_text:
    .ascii "this is a unikernel, no Linux program: start it with `proxy FILE [args...]`\n"
nub_linux_end:

# Where `syscall` arrives on a host that ignores EFER.SCE, still in ring 3.
    .section .text.hermit_syscall_trap, "ax", @progbits
    .globl hermit_syscall_trap
hermit_syscall_trap:
    ud2
