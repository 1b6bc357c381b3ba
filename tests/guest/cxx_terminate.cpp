// Ends in the way that its argument names; what std::terminate says is what the test looks for.
// SPDX-License-Identifier: BSD-3-Clause
#include <cassert>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <future>
#include <iostream>
#include <map>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace app
{
struct broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};
struct plain {
};
} // namespace app

struct abstract {
    abstract() { call(); }
    virtual ~abstract() = default;
    virtual void pure() = 0;
    void call() { pure(); }
};
struct concrete : abstract {
    void pure() override {}
};

__attribute__((noinline)) void thrower(int depth)
{
    if (depth == 0)
        throw app::broken("the sky is falling");
    thrower(depth - 1);
    std::puts("never");
}

struct throws_when_destroyed {
    ~throws_when_destroyed() noexcept(false) { throw 2; }
};

static void promises() noexcept { thrower(1); }

static const std::map<std::string, void (*)()> ways = {
    {"type", [] { thrower(3); }},
    {"int", [] { throw 42; }},
    {"plain", [] { throw app::plain(); }},
    {"thread", [] { std::thread([] { thrower(2); }).join(); }},
    {"noexcept", promises},
    {"unwinding", [] { throws_when_destroyed object; throw 1; }},
    {"pure", [] { concrete object; }},
    {"joinable", [] { std::thread never_joined([] {}); }},
    {"rethrow", [] { throw; }},
    {"handler", [] { std::set_terminate([] { std::puts("my handler"); std::fflush(stdout); std::_Exit(9); }); thrower(0); }},
    {"range", [] { std::vector<int>(3).at(7); }},
    {"static", [] { static int value = [] { thrower(0); return 1; }(); std::printf("%d\n", value); }},
    {"assertions", [] { std::vector<int> none; volatile std::size_t at = 3; std::printf("%d\n", none[at]); }},
    {"abort", [] { std::cout << "printed before"; std::cout.flush(); std::abort(); }},
};

int main(int argc, char **argv)
{
    if (argc < 2)
        return 1;
    ways.at(argv[1])();
    return 0;
}
