/* libgfortran's threads are POSIX threads: what configure would link here. SPDX-License-Identifier: BSD-3-Clause */
#include "gthr-posix.h"
