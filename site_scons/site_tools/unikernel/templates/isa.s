# Read after a source that is compiled for more than the baseline: the word hermit_isa, where that source has main.
# SPDX-License-Identifier: BSD-3-Clause
	.ifdef	main
	.pushsection .rodata.hermit_isa, "a", @progbits
	.balign	8
	.globl	hermit_isa
	.hidden	hermit_isa
hermit_isa:
	.quad	hermit_isa_word >> 4	# the last digit is the specs'
	.popsection
	.endif
