# The start of all cores but the first on QEMU: GATE_START wakes them in real mode at a copied page, from where they follow the first
# one's way: 32 bit, the crude tables, the final ones, ring 3. One instruction after the other the CPU's own state is all they have.
# SPDX-License-Identifier: BSD-3-Clause

    .section .text.hermit_ap, "ax", @progbits
    .code16
# hermit_early copies this to AP_PAGE: an interrupt command names the page, and cs = page / 16 begins there.
    .globl hermit_ap_trampoline
hermit_ap_trampoline:
    cli
    mov %cs, %ax
    mov %ax, %ds
    lgdtl ap_gdtr - hermit_ap_trampoline
    mov %cr0, %eax
    or $CR0_PE, %al
    mov %eax, %cr0
    ljmpl $SEL_EARLY_CODE32, $ap_protected
    .balign 4
ap_gdtr:
    .short early_gdtr - early_gdt - 1
    .long early_gdt
    .globl hermit_ap_trampoline_end
hermit_ap_trampoline_end:

    .code32
ap_protected:
    mov $SEL_KERNEL_DATA, %eax
    mov %eax, %ds
    mov %eax, %ss
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
    ljmp $SEL_KERNEL_CODE, $nub_ap_long

    .code64
    .section .nub.text, "ax", @progbits
# Ring 0, 64 bit, on the crude tables, no stack: finds its nub core by its APIC id, which on QEMU counts from 0.
nub_ap_long:
    xor %eax, %eax
    mov %eax, %ds
    mov %eax, %es
    mov %eax, %fs
    mov %eax, %gs
    mov $0xd, %eax
    xor %ecx, %ecx
    cpuid
    and $XCR0_WANTED, %eax
    xor %edx, %edx
    xor %ecx, %ecx
    xsetbv
    mov $1, %eax
    cpuid
    shr $24, %ebx
    mov hermit_early_core + NUB_SHARED(%rip), %rdi
    imul $NUB_CORE, %rbx, %rsi
    add NUB_SHARED_NUB_START(%rdi), %rsi
    # The shared page stands behind the last core: more CPUs than it has are not for us.
    lea NUB_CORE(%rsi), %rax
    cmp %rdi, %rax
    ja nub_ap_park
    add $NUB_RSP0, %rsi
    jmp nub_enter_final
nub_ap_park:
    hlt
    jmp nub_ap_park

# Wakes all other cores, once, and only where early boot left its page and its tables for them. No delays: KVM and QEMU note INIT and
# SIPI until the core looks, and INIT comes first. The second SIPI is the protocol's; a core that runs already ignores it.
nub_gate_start:
    mov NUB_SHARED(%r8), %rdi
    mov NUB_SHARED_NUB_START(%rdi), %rax
    add $2 * NUB_CORE, %rax             # the shared page stands behind the cores: a single one has nobody to wake
    cmp %rdi, %rax
    ja nub_gate_refuse
    lock btrq $STARTABLE, NUB_SHARED_FLAGS(%rdi)
    jnc nub_gate_refuse
    mov %rdi, hermit_early_core + NUB_SHARED(%rip)
    mov NUB_LAPIC(%r8), %rdi
    mov $ICR_INIT_OTHERS, %eax
    call nub_send
    mov $ICR_SIPI_OTHERS, %eax
    call nub_send
    call nub_send
    jmp nub_gate_done

# Sends the command eax by the LAPIC at rdi, and waits until it is delivered.
nub_send:
    mov %eax, LAPIC_ICR_LOW(%rdi)
nub_send_wait:
    pause
    testl $ICR_PENDING, LAPIC_ICR_LOW(%rdi)
    jnz nub_send_wait
    ret
