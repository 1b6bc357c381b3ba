/* memcpy and memmove: one function. Vector loops for what fits the caches, rep movsb and non-temporal stores beyond. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* Short blocks are loaded whole before anything is stored, so overlap needs no thought. Long ones load their ends
   first and store them last; the loop between works in the direction that overlap allows, its stores aligned.
   rdi: target, rsi: source, rdx: length; the result is the target. */
#include "features.h"

/* Blocks of at least 64 bytes with registers \r(\b) ... \r(\b+7) of \w bytes. load, store: any address; aligned,
   bypass: aligned stores, the latter past the caches; finish: what the vector extension wants before a return. */
        .macro  copy_by r, b0, b1, b2, b3, b4, b5, b6, b7, b8, w, any, aligned, bypass, finish, has_rep
        .if     \w > 32
        cmpq    $2 * \w, %rdx
        ja      1f
        \any    (%rsi), %\r\b0
        \any    -\w(%rsi,%rdx), %\r\b1
        \any    %\r\b0, (%rdi)
        \any    %\r\b1, -\w(%rdi,%rdx)
        \finish
        ret
1:
        .endif
        .if     \w > 16
        cmpq    $4 * \w, %rdx
        ja      1f
        \any    (%rsi), %\r\b0
        \any    \w(%rsi), %\r\b1
        \any    -\w(%rsi,%rdx), %\r\b2
        \any    -2*\w(%rsi,%rdx), %\r\b3
        \any    %\r\b0, (%rdi)
        \any    %\r\b1, \w(%rdi)
        \any    %\r\b2, -\w(%rdi,%rdx)
        \any    %\r\b3, -2*\w(%rdi,%rdx)
        \finish
        ret
        .p2align 4
1:
        .endif
        cmpq    $8 * \w, %rdx
        ja      2f
        \any    -\w(%rsi,%rdx), %\r\b4
        \any    -2*\w(%rsi,%rdx), %\r\b5
        \any    -3*\w(%rsi,%rdx), %\r\b6
        \any    -4*\w(%rsi,%rdx), %\r\b7
        \any    (%rsi), %\r\b0
        \any    \w(%rsi), %\r\b1
        \any    2*\w(%rsi), %\r\b2
        \any    3*\w(%rsi), %\r\b3
        \any    %\r\b0, (%rdi)
        \any    %\r\b1, \w(%rdi)
        \any    %\r\b2, 2*\w(%rdi)
        \any    %\r\b3, 3*\w(%rdi)
        \any    %\r\b4, -\w(%rdi,%rdx)
        \any    %\r\b5, -2*\w(%rdi,%rdx)
        \any    %\r\b6, -3*\w(%rdi,%rdx)
        \any    %\r\b7, -4*\w(%rdi,%rdx)
        \finish
        ret

        .p2align 4
2:      movq    %rdi, %rcx
        subq    %rsi, %rcx              /* target - source */
        jz      9f
        cmpq    %rdx, %rcx
        jb      6f                      /* the target begins inside the source */
        movl    %ecx, %r8d
        negq    %rcx
        cmpq    %rdx, %rcx
        jb      4f                      /* the source begins inside the target */
        cmpq    $NON_TEMPORAL_MIN, %rdx
        jae     8f
        .if     \has_rep
        cmpq    $REP_MOVE_MIN, %rdx
        jb      3f
        testb   $ERMS, hermit_cpu_features(%rip)
        jnz     .Lrep
        .endif
        /* A load waits for an earlier store to the same place of another page (4 KiB aliasing): forwards that happens
           where the target's place is a little above the source's. */
3:      decl    %r8d
        andl    $0xfff, %r8d
        cmpl    $8 * \w - 1, %r8d
        jb      6f

        .p2align 4
4:      \any    (%rsi), %\r\b8
        \any    -\w(%rsi,%rdx), %\r\b4
        \any    -2*\w(%rsi,%rdx), %\r\b5
        \any    -3*\w(%rsi,%rdx), %\r\b6
        \any    -4*\w(%rsi,%rdx), %\r\b7
        leaq    -4*\w(%rdi,%rdx), %r9   /* where the end goes */
        leaq    \w(%rdi), %rcx
        andq    $-\w, %rcx
        subq    %rdi, %rsi
        addq    %rcx, %rsi
        .p2align 5
5:      \any    (%rsi), %\r\b0
        \any    \w(%rsi), %\r\b1
        \any    2*\w(%rsi), %\r\b2
        \any    3*\w(%rsi), %\r\b3
        addq    $4 * \w, %rsi
        \aligned %\r\b0, (%rcx)
        \aligned %\r\b1, \w(%rcx)
        \aligned %\r\b2, 2*\w(%rcx)
        \aligned %\r\b3, 3*\w(%rcx)
        addq    $4 * \w, %rcx
        cmpq    %r9, %rcx
        jb      5b
        \any    %\r\b8, (%rdi)
        \any    %\r\b4, -\w(%rdi,%rdx)
        \any    %\r\b5, -2*\w(%rdi,%rdx)
        \any    %\r\b6, -3*\w(%rdi,%rdx)
        \any    %\r\b7, -4*\w(%rdi,%rdx)
        \finish
        ret

        .p2align 4
6:      \any    -\w(%rsi,%rdx), %\r\b8
        \any    (%rsi), %\r\b4
        \any    \w(%rsi), %\r\b5
        \any    2*\w(%rsi), %\r\b6
        \any    3*\w(%rsi), %\r\b7
        leaq    4*\w(%rdi), %r9         /* where the beginning ends */
        leaq    -1(%rdi,%rdx), %rcx
        andq    $-\w, %rcx
        subq    %rdi, %rsi
        addq    %rcx, %rsi
        .p2align 5
7:      \any    -\w(%rsi), %\r\b0
        \any    -2*\w(%rsi), %\r\b1
        \any    -3*\w(%rsi), %\r\b2
        \any    -4*\w(%rsi), %\r\b3
        addq    $-4 * \w, %rsi
        \aligned %\r\b0, -\w(%rcx)
        \aligned %\r\b1, -2*\w(%rcx)
        \aligned %\r\b2, -3*\w(%rcx)
        \aligned %\r\b3, -4*\w(%rcx)
        addq    $-4 * \w, %rcx
        cmpq    %r9, %rcx
        ja      7b
        \any    %\r\b4, (%rdi)
        \any    %\r\b5, \w(%rdi)
        \any    %\r\b6, 2*\w(%rdi)
        \any    %\r\b7, 3*\w(%rdi)
        \any    %\r\b8, -\w(%rdi,%rdx)
        \finish
        ret

        .p2align 4
8:      leaq    -4*\w(%rdi,%rdx), %r9
        leaq    64(%rdi), %rcx
        andq    $-64, %rcx
        \any    (%rsi), %\r\b8
        \any    64-\w(%rsi), %\r\b7
        .if     \w == 16
        \any    16(%rsi), %\r\b5
        \any    32(%rsi), %\r\b6
        .endif
        \any    %\r\b8, (%rdi)
        \any    %\r\b7, 64-\w(%rdi)
        .if     \w == 16
        \any    %\r\b5, 16(%rdi)
        \any    %\r\b6, 32(%rdi)
        .endif
        subq    %rdi, %rsi
        leaq    (%rsi,%rdi), %r8
        addq    %rcx, %rsi
        .p2align 5
5:      prefetcht0 512(%rsi)
        .if     \w > 16
        prefetcht0 576(%rsi)
        .endif
        \any    (%rsi), %\r\b0
        \any    \w(%rsi), %\r\b1
        \any    2*\w(%rsi), %\r\b2
        \any    3*\w(%rsi), %\r\b3
        addq    $4 * \w, %rsi
        \bypass %\r\b0, (%rcx)
        \bypass %\r\b1, \w(%rcx)
        \bypass %\r\b2, 2*\w(%rcx)
        \bypass %\r\b3, 3*\w(%rcx)
        addq    $4 * \w, %rcx
        cmpq    %r9, %rcx
        jb      5b
        sfence
        \any    -\w(%r8,%rdx), %\r\b4
        \any    -2*\w(%r8,%rdx), %\r\b5
        \any    -3*\w(%r8,%rdx), %\r\b6
        \any    -4*\w(%r8,%rdx), %\r\b7
        \any    %\r\b4, -\w(%rdi,%rdx)
        \any    %\r\b5, -2*\w(%rdi,%rdx)
        \any    %\r\b6, -3*\w(%rdi,%rdx)
        \any    %\r\b7, -4*\w(%rdi,%rdx)
        \finish
9:      ret
        .endm

        .macro  nothing
        .endm

        .text
        .globl  memcpy, memmove
        .type   memcpy, @function
        .type   memmove, @function
        .p2align 6
memcpy:
memmove:
        .cfi_startproc
        movq    %rdi, %rax
        cmpq    $64, %rdx
        jb      .Lbelow_64
        testb   $AVX512, hermit_cpu_features(%rip)
        jz      .Lno_avx512
        /* registers from 16 on need no vzeroupper */
        copy_by zmm, 16, 17, 18, 19, 20, 21, 22, 23, 24, 64, vmovdqu64, vmovdqa64, vmovntdq, nothing, 1

        .p2align 4
.Lbelow_64:
        cmpl    $16, %edx
        jb      .Lbelow_16
        cmpl    $32, %edx
        ja      .Labove_32
        movups  (%rsi), %xmm0
        movups  -16(%rsi,%rdx), %xmm1
        movups  %xmm0, (%rdi)
        movups  %xmm1, -16(%rdi,%rdx)
        ret

        .p2align 4
.Lbelow_16:
        cmpl    $8, %edx
        jae     .Leight
        cmpl    $4, %edx
        jae     .Lfour
        cmpl    $1, %edx
        jb      .Ldone
        movzbl  (%rsi), %ecx
        je      .Lone
        movzwl  -2(%rsi,%rdx), %esi
        movw    %si, -2(%rdi,%rdx)
.Lone:
        movb    %cl, (%rdi)
.Ldone:
        ret
.Leight:
        movq    (%rsi), %rcx
        movq    -8(%rsi,%rdx), %rsi
        movq    %rcx, (%rdi)
        movq    %rsi, -8(%rdi,%rdx)
        ret
.Lfour:
        movl    (%rsi), %ecx
        movl    -4(%rsi,%rdx), %esi
        movl    %ecx, (%rdi)
        movl    %esi, -4(%rdi,%rdx)
        ret

        .p2align 4
.Labove_32:
        movups  (%rsi), %xmm0
        movups  16(%rsi), %xmm1
        movups  -16(%rsi,%rdx), %xmm2
        movups  -32(%rsi,%rdx), %xmm3
        movups  %xmm0, (%rdi)
        movups  %xmm1, 16(%rdi)
        movups  %xmm2, -16(%rdi,%rdx)
        movups  %xmm3, -32(%rdi,%rdx)
        ret

        .p2align 4
.Lno_avx512:
        testb   $AVX2, hermit_cpu_features(%rip)
        jz      .Lsse
        copy_by ymm, 0, 1, 2, 3, 4, 5, 6, 7, 8, 32, vmovdqu, vmovdqa, vmovntdq, vzeroupper, 1
.Lsse:
        copy_by xmm, 0, 1, 2, 3, 4, 5, 6, 7, 8, 16, movups, movaps, movntps, nothing, 0

        /* No overlap. The microcode is fast to an aligned target: the first 64 bytes go by hand. */
        .p2align 4
.Lrep:
        movups  (%rsi), %xmm0
        movups  16(%rsi), %xmm1
        movups  32(%rsi), %xmm2
        movups  48(%rsi), %xmm3
        movups  %xmm0, (%rdi)
        movups  %xmm1, 16(%rdi)
        movups  %xmm2, 32(%rdi)
        movups  %xmm3, 48(%rdi)
        leaq    (%rdi,%rdx), %rcx
        subq    %rdi, %rsi
        addq    $64, %rdi
        andq    $-64, %rdi
        addq    %rdi, %rsi
        subq    %rdi, %rcx
        rep movsb
        ret
        .cfi_endproc
        .size   memcpy, . - memcpy
        .size   memmove, . - memmove

        .section .note.GNU-stack, "", @progbits
