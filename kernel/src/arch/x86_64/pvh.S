# PVH boot (QEMU and others): 32 bit without paging in, ring 3 on crude tables out. Those map the first 4 GiB for everybody, live in
# .bss, and are left for good by GATE_SEAL.
# SPDX-License-Identifier: BSD-3-Clause

    .section .text.hermit_pvh, "ax", @progbits
    .code32
    .globl hermit_pvh_entry
hermit_pvh_entry:                       # ebx: hvm_start_info
    cld
    mov %ebx, %ebp
    mov $hermit_early_stack_end, %esp
    # What the libOS cannot do without: CPUID 7.EBX bit 0 FSGSBASE, 1.ECX bit 26 XSAVE
    xor %eax, %eax
    cpuid
    cmp $7, %eax
    jb pvh_cpu_too_old
    mov $7, %eax
    xor %ecx, %ecx
    cpuid
    test $CPUID_7_EBX_FSGSBASE, %ebx
    jz pvh_cpu_too_old
    mov $1, %eax
    cpuid
    test $CPUID_1_ECX_XSAVE, %ecx
    jz pvh_cpu_too_old
    # 4 GiB in large pages
    movl $hermit_early_pdpt + PTE_TABLE, hermit_early_pml4
    mov $hermit_early_pdpt, %edi
    mov $hermit_early_pd + PTE_TABLE, %eax
1:  mov %eax, (%edi)
    add $8, %edi
    add $PAGE, %eax
    cmp $hermit_early_pd + 4 * PAGE + PTE_TABLE, %eax
    jb 1b
    mov $hermit_early_pd, %edi
    mov $PTE_TABLE | PTE_LARGE, %eax
2:  mov %eax, (%edi)
    add $8, %edi
    add $LARGE_PAGE, %eax
    jnc 2b
    mov $CR4_EARLY, %eax
    mov %eax, %cr4
    mov $hermit_early_pml4, %eax
    mov %eax, %cr3
    mov $MSR_EFER, %ecx
    mov $EFER_EARLY, %eax
    xor %edx, %edx
    wrmsr
    mov $CR0_EARLY, %eax
    mov %eax, %cr0
    # the TSS descriptor's base, in three pieces
    mov $hermit_early_core, %eax
    mov %ax, early_gdt + SEL_TSS + 2
    shr $16, %eax
    mov %al, early_gdt + SEL_TSS + 4
    mov %ah, early_gdt + SEL_TSS + 7
    lgdt early_gdtr
    ljmp $SEL_KERNEL_CODE, $pvh_long

pvh_cpu_too_old:
    mov $SERIAL_PORT, %edx
    mov $pvh_cpu_text, %esi
3:  mov (%esi), %al
    test %al, %al
    jz 4f
    out %al, %dx
    inc %esi
    jmp 3b
4:  mov $EXIT_CANNOT_RUN, %eax
    mov $DEBUG_EXIT_PORT, %edx
    out %al, %dx
    lidt pvh_no_idt
    int3

    .code64
pvh_long:
    mov $SEL_KERNEL_DATA, %eax
    mov %eax, %ss
    xor %eax, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %fs
    mov %eax, %gs
    # vectors 0-31: the nub's own entry code
    lea hermit_vectors(%rip), %rax
    mov $hermit_early_idt, %edi
    mov $32, %ecx
5:  mov %eax, %edx
    and $0xffff, %edx
    or $SEL_KERNEL_CODE << 16, %edx
    mov %edx, (%rdi)
    mov %eax, %edx
    and $0xffff0000, %edx
    or $0xee00, %edx                    # present, interrupt gate, ring 3 may call it
    mov %edx, 4(%rdi)
    add $16, %rdi
    add $VECTOR_STRIDE, %rax
    dec %ecx
    jnz 5b
    lidt early_idtr(%rip)
    # A nub core for the early life: any fault of it is final, and its stack is what GATE_SEAL knows it by.
    lea hermit_early_core(%rip), %rdi
    lea NUB_RSP0(%rdi), %rax
    mov %rax, TSS_RSP0(%rdi)
    movw $NUB_IO_BITMAP, TSS_IOMAP(%rdi)
    movb $0xff, NUB_TSS_LIMIT(%rdi)
    lea hermit_early_block(%rip), %rax
    mov %rax, NUB_BLOCK(%rdi)
    movq $1, BLOCK_FAULT_ACTIVE(%rax)
    mov $SEL_TSS, %eax
    ltr %ax
    # XCR0: what the CPU has of x87, SSE, AVX and AVX-512
    mov $0xd, %eax
    xor %ecx, %ecx
    cpuid
    and $XCR0_WANTED, %eax
    xor %edx, %edx
    xor %ecx, %ecx
    xsetbv
    pushq $SEL_USER_DATA
    lea hermit_early_stack_end - 8(%rip), %rax
    push %rax
    pushq $RFLAGS_FIXED
    pushq $SEL_USER_CODE
    lea hermit_early(%rip), %rax
    push %rax
    mov %ebp, %edi
    iretq

    .section .rodata.hermit_pvh, "a", @progbits
pvh_cpu_text:
    .asciz "kernel: this CPU has no FSGSBASE or no XSAVE: a unikernel cannot run on it\n"
    .balign 8
pvh_no_idt:
    .long 0, 0

    .section .data.hermit_pvh, "aw", @progbits
    .balign 16
# SEL_EARLY_CODE32 for other cores on their way, then the selectors of abi::core: 0x10 and 0x18 ring 0, 0x28 and 0x30 ring 3, SEL_TSS
early_gdt:
    .quad 0, 0x00cf9b000000ffff, 0x00af9b000000ffff, 0x00cf93000000ffff, 0, 0x00cff3000000ffff, 0x00affb000000ffff, 0
    .quad 0x0000890000000000 + NUB_TSS_LIMIT, 0
early_gdtr:
    .short early_gdtr - early_gdt - 1
    .long early_gdt
    .long 0
    .balign 8
early_idtr:
    .short 32 * 16 - 1
    .quad hermit_early_idt

    .section .bss.hermit_pvh, "aw", @nobits
    .balign NUB_CORE
    .globl hermit_early_core
hermit_early_core:
    .skip NUB_CORE
hermit_early_pml4:
    .skip PAGE
hermit_early_pdpt:
    .skip PAGE
hermit_early_pd:
    .skip 4 * PAGE
hermit_early_idt:
    .skip PAGE
hermit_early_block:
    .skip PAGE
    .skip EARLY_STACK
    .globl hermit_early_stack_end
hermit_early_stack_end:
