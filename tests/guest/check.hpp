// What the tests in C++ share: checks that any thread may make, and the line that the test looks for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdio>

inline std::atomic<int> failures;

inline bool check(const char *what, bool holds)
{
    if (!holds) {
        std::printf("FAILED: %s\n", what);
        ++failures;
    }
    return holds;
}

// Whether `act` throws an `Exception`, and nothing else.
template <class Exception, class Act> bool throws(Act act)
{
    try {
        act();
    } catch (const Exception &) {
        return true;
    } catch (...) {
    }
    return false;
}

inline int verdict()
{
    std::printf("%d failures\n", failures.load());
    return failures != 0;
}
