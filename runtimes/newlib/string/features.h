/* Which instructions the string functions may use: libhermit fills hermit_cpu_features before any program code. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef STRING_FEATURES_H
#define STRING_FEATURES_H

/* hermit/syscalls.h has the same values; the assembler cannot read that header. */
#define AVX2 1
#define AVX512 2
#define ERMS 4

/* Sizes in bytes, by measurement on a server processor. From the first two on, the microcode of rep movsb and rep
   stosb beats vector loops in spite of its start-up; from the third on, writing past the caches beats reading the
   lines that are to be overwritten. */
#define REP_MOVE_MIN 8192
#define REP_SET_MIN 32768
#define NON_TEMPORAL_MIN 0xc00000

#endif
