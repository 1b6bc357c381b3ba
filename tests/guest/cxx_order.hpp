// An object that tells when it is made and destroyed.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdio>

struct tells {
    const char *name;
    explicit tells(const char *text) : name(text) { std::printf("made %s\n", name); }
    ~tells() { std::printf("gone %s\n", name); }
};

extern tells elsewhere;
