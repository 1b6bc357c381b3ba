# GATE_MAP and GATE_PROTECT: page-table changes, checked. Supervisor pages, text, and frames of nub, text and
# interrupt controllers stay as they are.
# SPDX-License-Identifier: BSD-3-Clause
#
# rdi va, rsi pa, rdx pages, rcx MAP_*. Inside: rbx table, rbp slot, r8 shared, r9 is it PROTECT, r10 end of va, r11 bits of a
# new entry, r12 level's page bytes, r13 flags, r14 flush at the end instead of page by page, r15 result.

    .section .nub.text, "ax", @progbits
# Refuses where [\from, \to) meets [\start, \end). Clobbers rax.
    .macro refuse_overlap from, to, start, end
    mov \end, %rax
    cmp %rax, \from
    jae 8f
    mov \start, %rax
    cmp %rax, \to
    ja nub_gate_refuse
8:
    .endm

nub_gate_map:
    xor %r9d, %r9d
    jmp nub_map_check
nub_gate_protect:
    mov $1, %r9d
nub_map_check:
    mov NUB_SHARED(%r8), %r8
    test $~MAP_ALL, %rcx
    jnz nub_gate_refuse
    lea -1(%rdx), %rax                  # 1 ... 2^35 pages
    shr $35, %rax
    jnz nub_gate_refuse
    test $PAGE - 1, %edi
    jnz nub_gate_refuse
    mov %rdi, %rax                      # below 2^47, as is the end
    shr $47, %rax
    jnz nub_gate_refuse
    mov %rdx, %r10
    shl $12, %r10
    mov %r10, %r11
    add %rdi, %r10
    lea -1(%r10), %rax
    shr $47, %rax
    jnz nub_gate_refuse
    refuse_overlap %rdi, %r10, NUB_SHARED_NUB_START(%r8), NUB_SHARED_NUB_END(%r8)
    refuse_overlap %rdi, %r10, NUB_SHARED_TEXT_START(%r8), NUB_SHARED_TEXT_END(%r8)
    # never writable and executable, but for threads' stacks of an image that asks for it; executable only where it may make code
    test $MAP_EXEC, %ecx
    jz nub_map_frames
    testb $FLAG_EXEC_STACK, NUB_SHARED_FLAGS(%r8)
    jz nub_map_code
    mov %rdi, %rax
    shr $STACKS_SHIFT, %rax
    jnz nub_map_frames
nub_map_code:
    test $MAP_WRITE, %ecx
    jnz nub_gate_refuse
    testb $FLAG_JIT, NUB_SHARED_FLAGS(%r8)
    jz nub_gate_refuse
nub_map_frames:
    test %r9d, %r9d
    jnz nub_map_bits
    test %ecx, %ecx
    jz nub_map_bits
    test $PAGE - 1, %esi
    jnz nub_gate_refuse
    add %rsi, %r11                      # end of the frames
    mov %r11, %rax
    or %rsi, %rax
    shr $52, %rax
    jnz nub_gate_refuse
    refuse_overlap %rsi, %r11, NUB_SHARED_NUB_START(%r8), NUB_SHARED_NUB_END(%r8)
    # the image stands where it is linked: its text's frames are its text's addresses
    refuse_overlap %rsi, %r11, NUB_SHARED_TEXT_START(%r8), NUB_SHARED_TEXT_END(%r8)
    # QEMU's IOAPIC, and a write behind the LAPIC's page, can also send INIT and the vectors of exceptions
    refuse_overlap %rsi, %r11, $INTERRUPTS_START, $INTERRUPTS_END
nub_map_bits:
    push %rbx
    push %rbp
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rcx, %r13
    xor %r14d, %r14d
    cmp $8, %rdx
    seta %r14b
    neg %r14d                           # -1: many pages
    xor %r11d, %r11d
    test %r13d, %r13d
    jz nub_map_lock
    mov $PTE_NX, %r11
    xor %eax, %eax
    test $MAP_EXEC, %r13d
    cmovnz %rax, %r11
    or $PTE_P | PTE_U | PTE_AD, %r11
    test $MAP_WRITE, %r13d
    jz nub_map_device
    or $PTE_W, %r11
nub_map_device:
    test $MAP_DEVICE, %r13d
    jz nub_map_lock
    or $PTE_UNCACHED, %r11
nub_map_lock:
    lock btsq $0, NUB_SHARED_LOCK(%r8)
    jnc nub_map_next
    pause
    jmp nub_map_lock

# One step: the page at rdi, by walking from the root.
nub_map_next:
    xor %r15d, %r15d
    test %rdx, %rdx
    jz nub_map_done
    mov NUB_SHARED_CR3(%r8), %rbx
    mov $39, %ecx
nub_map_walk:
    mov %rdi, %rax
    shr %cl, %rax
    and $511, %eax
    lea (%rbx,%rax,8), %rbp
    mov (%rbp), %rax
    cmp $12, %ecx
    je nub_map_small
    test %rax, %rax
    jz nub_map_absent
    test $PTE_LARGE, %al
    jnz nub_map_large
nub_map_descend:
    mov $PTE_FRAME, %rbx
    and %rax, %rbx
    sub $9, %ecx
    jmp nub_map_walk

# No table here: to unmap is no work, to protect is an error, to map needs a large page or a table.
nub_map_absent:
    test %r9d, %r9d
    jnz nub_map_bad
    test %r13d, %r13d
    jz nub_map_skip
    cmp $21, %ecx
    jne nub_map_table
    call nub_map_fits
    jc nub_map_table
    mov $LARGE_PAGE, %r12d
    mov %rsi, %rax
    or %r11, %rax
    or $PTE_LARGE, %rax
    mov %rax, (%rbp)
    jmp nub_map_advance
nub_map_table:
    call nub_map_frame
    jc nub_map_full
    jmp nub_map_descend

nub_map_skip:
    mov %rdi, %rax                      # on to the next 2 MiB
    add $LARGE_PAGE, %rax
    and $-LARGE_PAGE, %rax
    mov %rax, %r12
    sub %rdi, %r12
    jmp nub_map_advance

# A large page: changed as a whole if all of it is asked for, else split.
nub_map_large:
    test $PTE_U, %al
    jz nub_map_bad
    call nub_map_fits
    jc nub_map_split
    mov $LARGE_PAGE, %r12d
    mov $PTE_LARGE, %ecx
    jmp nub_map_change

nub_map_split:
    mov %rax, %rcx
    call nub_map_frame_raw
    jc nub_map_full
    push %rdi
    push %rdx
    mov %rax, %rdi
    mov %rax, %rdx
    mov %rcx, %rax
    and $~PTE_LARGE, %rax
    mov $512 / 16, %ecx
nub_map_split_entries:                  # unrolled: a software KVM pays for each instruction
    .rept 16
    stosq
    add $PAGE, %rax
    .endr
    dec %ecx
    jnz nub_map_split_entries
    lea PTE_TABLE(%rdx), %rax
    mov %rax, (%rbp)
    pop %rdx
    pop %rdi
    jmp nub_map_next

nub_map_small:
    mov $PAGE, %r12d
    xor %ecx, %ecx

# Slot rbp, old entry rax, rcx = PTE_LARGE or 0: the change itself.
nub_map_change:
    test %rax, %rax
    jz nub_map_fresh
    test $PTE_U, %al
    jz nub_map_bad
    mov %rax, %rbx
    test %r9d, %r9d
    jnz nub_map_keep
nub_map_fresh:
    test %r9d, %r9d
    jnz nub_map_bad
    mov %rax, %rbx
    mov %r11, %rax
    test %r13d, %r13d
    jz nub_map_write
    or %rsi, %rax
    or %rcx, %rax
    or %rbx, %rcx
    jnz nub_map_write
# Entries that were empty, until one is not, or the table or the request ends: rbx of them. A software KVM pays for every
# instruction, and less for what is repeated.
    mov %edi, %ebx
    shr $12, %ebx
    or $-512, %ebx
    neg %ebx
    cmp %rdx, %rbx
    cmova %rdx, %rbx
    mov %ebx, %ecx
    mov %rax, %r12
    xchg %rdi, %rbp
    push %rdi
    xor %eax, %eax
    repe scasq
    je nub_map_empty
    inc %ecx                            # the one that was not
nub_map_empty:
    sub %rcx, %rbx
    pop %rdi
    mov %r12, %rax
    mov %ebx, %ecx
    shr $4, %ecx
    jz nub_map_few
nub_map_fill:
    .rept 16
    stosq
    add $PAGE, %rax
    .endr
    dec %ecx
    jnz nub_map_fill
nub_map_few:
    mov %ebx, %ecx
    and $15, %ecx
    jz nub_map_filled
nub_map_one:
    stosq
    add $PAGE, %rax
    dec %ecx
    jnz nub_map_one
nub_map_filled:
    xchg %rbp, %rdi
    sub $8, %rbp                        # the last one that was written
    shl $12, %rbx
    mov %rbx, %r12
    jmp nub_map_advance
nub_map_keep:
    mov $PTE_FRAME, %rax                # the frame stays; without rights the entry keeps it, not present
    and %rbx, %rax
    or %rcx, %rax
    or $PTE_U, %rax
    or %r11, %rax
nub_map_write:
    mov %rax, (%rbp)
    test $PTE_P, %bl
    jz nub_map_advance
    test %r14d, %r14d
    jnz nub_map_flush_later
    invlpg (%rdi)
    jmp nub_map_advance
nub_map_flush_later:
    mov $1, %r14d                       # something to flush
nub_map_advance:
    add %r12, %rdi
    add %r12, %rsi
    cmp %r10, %rdi
    jae nub_map_done
    mov %r10, %rdx
    sub %rdi, %rdx
    shr $12, %rdx
    # the next small page of the same table needs no walk
    cmp $PAGE, %r12
    jne nub_map_next
    test $LARGE_PAGE - 1, %edi
    jz nub_map_next
    add $8, %rbp
    mov (%rbp), %rax
    xor %ecx, %ecx
    jmp nub_map_change

nub_map_bad:
    mov $-1, %r15
    jmp nub_map_done
nub_map_full:
    mov $-2, %r15
nub_map_done:
    cmp $1, %r14d
    jne nub_map_unlock
    mov %cr3, %rax
    mov %rax, %cr3
nub_map_unlock:
    movq $0, NUB_SHARED_LOCK(%r8)
    mov %r15, %rax
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbp
    pop %rbx
    iretq
