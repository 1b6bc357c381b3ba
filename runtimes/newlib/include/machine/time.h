/* clock() counts microseconds, as XSI wants. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef _MACHTIME_H_
#define _MACHTIME_H_

#define _CLOCKS_PER_SEC_ 1000000

#endif
