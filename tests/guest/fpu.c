/* Floating point and vector registers in ring 3, with timer interrupts between: XSAVE state as the host's KVM keeps it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <time.h>

int main(void) {
	const struct timespec pause = {0, 1000 * 1000};
	double sum[8] = {0};
	for (int round = 0; round < 20; round++) {
		for (int lane = 0; lane < 8; lane++)
			sum[lane] += 1.0 / (1 + round + lane);
		nanosleep(&pause, NULL);
	}
	double total = 0;
	for (int lane = 0; lane < 8; lane++)
		total += sum[lane];
	/* 8 sums of 20 harmonic terms; the test compares with the same sum made elsewhere. */
	printf("total %.9f\n", total);
	return 0;
}
