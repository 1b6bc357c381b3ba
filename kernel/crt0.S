# crt0: the notes by which the isles find their way into an image. Linked first; pulls the rest from libhermit.
# SPDX-License-Identifier: BSD-3-Clause

# PVH (QEMU, Firecracker, Xen): XEN_ELFNOTE_PHYS32_ENTRY, a 32-bit entry without paging.
    .section .note.pvh, "a", @note
    .balign 4
    .long 4, 4, 18
    .asciz "Xen"
    .long hermit_pvh_entry

# kernel/abi/src/note.rs, ImageNote: distances from each field, so that no relocation is needed.
    .section .note.hermit, "a", @note
    .balign 4
    .long 7, 40, 1
    .asciz "Hermit"
    .balign 4
    .long 2, 0
    .quad _start - .
    .quad nub_start - .
    .quad nub_end - .
    .quad hermit_vectors - .

    .section .note.GNU-stack, "", @progbits
