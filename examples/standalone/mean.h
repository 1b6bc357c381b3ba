// Means of numbers.
// SPDX-License-Identifier: BSD-3-Clause
double mean(const double *numbers, int count);
double geometric_mean(const double *numbers, int count);
