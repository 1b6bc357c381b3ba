/* lgammal() over musl's reentrant one: the sign belongs to the thread, as newlib's signgam. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

extern long double lgammal_r(long double, int *);

/* What musl's own lgammal, renamed and unused, refers to. */
int __hermit_lgammal_sign;

long double lgammal(long double x) { return lgammal_r(x, &signgam); }
