/* config/linux/lock.c asks for this header; what it would use of it serves shared libraries only. */
/* SPDX-License-Identifier: BSD-3-Clause */
