/* Sleeps by the timer interrupt and checks the clocks against each other: on a real KVM the LAPIC timer is the CPU's own. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <time.h>

static long long now(clockid_t clock) {
	struct timespec time;
	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void) {
	const struct timespec pause = {0, 20 * 1000 * 1000};
	for (int round = 0; round < 5; round++) {
		long long mono = now(CLOCK_MONOTONIC), real = now(CLOCK_REALTIME);
		if (nanosleep(&pause, NULL) != 0) {
			perror("nanosleep");
			return 1;
		}
		mono = now(CLOCK_MONOTONIC) - mono;
		real = now(CLOCK_REALTIME) - real;
		/* Never early; the upper bounds are wide, as emulated hosts are slow. */
		if (mono < pause.tv_nsec || mono > 50 * pause.tv_nsec || real < mono / 2 || real > mono * 2) {
			printf("slept %lld ns by the monotonic clock, %lld ns by the realtime clock\n", mono, real);
			return 2;
		}
	}
	puts("timer ok");
	return 0;
}
