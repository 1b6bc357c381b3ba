/* Faults in a function below main, so that the backtrace has something to show. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

__attribute__((noinline)) static int through(volatile int *place) {
	*place = 1;
	return *place;
}

int main(void) {
	setvbuf(stdout, NULL, _IONBF, 0);
	puts("before the fault");
	return through(NULL);
}
