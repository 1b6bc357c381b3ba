// Prints in which order objects are made and destroyed: static, of threads, in functions, with init_priority, atexit.
// SPDX-License-Identifier: BSD-3-Clause
#include "cxx_order.hpp"

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <thread>

// The last one in the text is the first by its priority; those of other files come in the order of the link.
tells third("3, without a priority");
__attribute__((init_priority(300))) tells second("2, priority 300");
__attribute__((init_priority(200))) tells first("1, priority 200");

__attribute__((constructor(150))) static void earliest() { std::puts("constructor 150"); }
__attribute__((destructor(150))) static void latest() { std::puts("destructor 150"); }

thread_local tells of_thread("of a thread");
thread_local int touched = [] { return of_thread.name != nullptr; }();

static tells &in_function()
{
    static tells object("in a function");
    return object;
}

// Whoever needs std::cout before the objects of this file says so.
struct early_stream {
    std::ios_base::Init init;
    early_stream() { std::cout << "cout works early\n" << std::flush; }
} early __attribute__((init_priority(101)));

static void noted() { std::puts("atexit"); }
static void quickly() { std::puts("at_quick_exit"); }

int main(int argc, char **argv)
{
    setvbuf(stdout, nullptr, _IOLBF, 0);
    const char *how = argc > 1 ? argv[1] : "";
    std::puts("main");
    std::atexit(noted);
    std::at_quick_exit(quickly);
    in_function();
    std::atexit([] { std::puts("atexit after the function's object"); });
    std::thread([] { std::printf("thread touches %d\n", touched); }).join();
    std::puts("joined");
    if (!touched)
        std::puts("never");
    std::printf("%s\n", elsewhere.name);
    std::cout << "unflushed in cout\n";
    if (std::strcmp(how, "quick") == 0)
        std::quick_exit(3);
    if (std::strcmp(how, "exit") == 0)
        std::exit(4);
    if (std::strcmp(how, "_Exit") == 0)
        std::_Exit(5);
    if (std::strcmp(how, "thread") == 0)
        std::thread([] { std::exit(6); }).join();
    return 0;
}
