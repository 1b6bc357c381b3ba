/* memset: SSE2 for short blocks, wider vectors or rep stosb for long ones. rdi: target, esi: byte, rdx: length. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "features.h"

/* Blocks of more than 64 bytes with register \r of \w bytes; any, aligned: stores; finish: before a return. */
        .macro  fill_by r, w, any, aligned, finish
        .if     \w > 32
        \any    %\r, (%rdi)
        \any    %\r, -\w(%rdi,%rdx)
        cmpq    $2 * \w, %rdx
        jbe     2f
        \any    %\r, \w(%rdi)
        \any    %\r, -2*\w(%rdi,%rdx)
        .else
        \any    %\r, (%rdi)
        \any    %\r, \w(%rdi)
        \any    %\r, -\w(%rdi,%rdx)
        \any    %\r, -2*\w(%rdi,%rdx)
        .endif
        cmpq    $4 * \w, %rdx
        jbe     2f
        \any    %\r, 2*\w(%rdi)
        \any    %\r, 3*\w(%rdi)
        \any    %\r, -3*\w(%rdi,%rdx)
        \any    %\r, -4*\w(%rdi,%rdx)
        cmpq    $8 * \w, %rdx
        jbe     2f
        cmpq    $REP_SET_MIN, %rdx
        jae     3f
4:      leaq    -4*\w(%rdi,%rdx), %r9
        addq    $4 * \w, %rdi
        andq    $-\w, %rdi
        .p2align 5
1:      \aligned %\r, (%rdi)
        \aligned %\r, \w(%rdi)
        \aligned %\r, 2*\w(%rdi)
        \aligned %\r, 3*\w(%rdi)
        addq    $4 * \w, %rdi
        cmpq    %r9, %rdi
        jb      1b
2:      \finish
        ret
3:      testb   $ERMS, %r8b
        jz      4b
        \finish
        jmp     .Lrep
        .p2align 4
        .endm

        .macro  nothing
        .endm

        .text
        .globl  memset
        .type   memset, @function
        .p2align 6
memset:
        .cfi_startproc
        movq    %rdi, %rax
        cmpq    $32, %rdx
        jbe     .Lto_32
        movl    hermit_cpu_features(%rip), %r8d
        testb   $AVX512, %r8b
        jz      .Lno_avx512
        vpbroadcastb %esi, %zmm16       /* registers from 16 on need no vzeroupper */
        cmpq    $64, %rdx
        ja      .Lavx512
        vmovdqu64 %ymm16, (%rdi)
        vmovdqu64 %ymm16, -32(%rdi,%rdx)
        ret

        .p2align 4
.Lto_32:
        movzbl  %sil, %esi
        movabsq $0x0101010101010101, %rcx
        imulq   %rcx, %rsi
        cmpl    $16, %edx
        jb      .Lbelow_16
        movq    %rsi, %xmm0
        punpcklqdq %xmm0, %xmm0
        movups  %xmm0, (%rdi)
        movups  %xmm0, -16(%rdi,%rdx)
        ret

        .p2align 4
.Lbelow_16:
        cmpl    $8, %edx
        jae     .Leight
        cmpl    $4, %edx
        jae     .Lfour
        cmpl    $1, %edx
        jb      .Ldone
        movb    %sil, (%rdi)
        je      .Ldone
        movw    %si, -2(%rdi,%rdx)
.Ldone:
        ret
.Leight:
        movq    %rsi, (%rdi)
        movq    %rsi, -8(%rdi,%rdx)
        ret
.Lfour:
        movl    %esi, (%rdi)
        movl    %esi, -4(%rdi,%rdx)
        ret

        .p2align 4
.Lavx512:
        fill_by zmm16, 64, vmovdqu64, vmovdqa64, nothing
.Lno_avx512:
        movd    %esi, %xmm0
        punpcklbw %xmm0, %xmm0
        punpcklwd %xmm0, %xmm0
        pshufd  $0, %xmm0, %xmm0
        cmpq    $64, %rdx
        ja      1f
        movups  %xmm0, (%rdi)
        movups  %xmm0, 16(%rdi)
        movups  %xmm0, -16(%rdi,%rdx)
        movups  %xmm0, -32(%rdi,%rdx)
        ret
1:      testb   $AVX2, %r8b
        jz      .Lsse
        vinserti128 $1, %xmm0, %ymm0, %ymm0
        fill_by ymm0, 32, vmovdqu, vmovdqa, vzeroupper
.Lsse:
        fill_by xmm0, 16, movups, movaps, nothing

        .p2align 4
.Lrep:
        /* at least 64 bytes are written; the microcode is fast to an aligned target */
        leaq    (%rdi,%rdx), %rcx
        addq    $64, %rdi
        andq    $-64, %rdi
        subq    %rdi, %rcx
        movq    %rax, %r9
        movl    %esi, %eax
        rep stosb
        movq    %r9, %rax
        ret
        .cfi_endproc
        .size   memset, . - memset

        .section .note.GNU-stack, "", @progbits
