// An object of another file, for cxx_order.
// SPDX-License-Identifier: BSD-3-Clause
#include "cxx_order.hpp"

tells elsewhere("of the second file");
