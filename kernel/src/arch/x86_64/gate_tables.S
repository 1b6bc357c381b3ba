# Helpers of gate_map.S, with its registers: does a large page fit, and frames for new tables.
# SPDX-License-Identifier: BSD-3-Clause

    .section .nub.text, "ax", @progbits
# CF=0 if one large page at rdi is what is asked for. Keeps rax.
nub_map_fits:
    cmp $512, %rdx
    jb nub_map_fits_not
    test $LARGE_PAGE - 1, %edi
    jnz nub_map_fits_not
    test %r9d, %r9d
    jnz nub_map_fits_yes
    test %r13d, %r13d
    jz nub_map_fits_yes
    test $LARGE_PAGE - 1, %esi
    jnz nub_map_fits_not
nub_map_fits_yes:
    clc
    ret
nub_map_fits_not:
    stc
    ret

# A zeroed table into slot rbp: rax = the new entry, CF=1 if none is left.
nub_map_frame:
    call nub_map_frame_raw
    jc nub_map_frame_none
    push %rdi
    push %rcx
    push %rax
    mov %rax, %rdi
    xor %eax, %eax
    mov $512, %ecx
    rep stosq
    pop %rax
    pop %rcx
    pop %rdi
    or $PTE_TABLE, %rax
    mov %rax, (%rbp)
    clc
nub_map_frame_none:
    ret

# rax = a frame from the pool, CF=1 if none is left.
nub_map_frame_raw:
    mov NUB_SHARED_POOL_NEXT(%r8), %rax
    cmp NUB_SHARED_POOL_END(%r8), %rax
    jae nub_map_fits_not
    addq $PAGE, NUB_SHARED_POOL_NEXT(%r8)
    clc
    ret
