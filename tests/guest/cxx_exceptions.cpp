// Exceptions: through C's frames, threads, constructors, signal handlers of faults, and what ends a thread.
// SPDX-License-Identifier: BSD-3-Clause
// Compiled with -fnon-call-exceptions.
#include "check.hpp"

#include <csetjmp>
#include <csignal>
#include <cstdlib>
#include <cxxabi.h>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <pthread.h>
#include <search.h>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>
#include <typeinfo>
#include <vector>

namespace
{
struct counted {
    static inline std::atomic<int> alive;
    counted() { ++alive; }
    counted(const counted &) { ++alive; }
    ~counted() { --alive; }
};

struct base {
    virtual ~base() = default;
    virtual int value() const { return 1; }
};
struct left : virtual base {
};
struct right : virtual base {
    int value() const override { return 2; }
};
struct both : left, right {
    std::string text = "both";
};

void types()
{
    try {
        throw both();
    } catch (const right &caught) {
        check("a virtual base's object", caught.value() == 2);
        check("typeid of what was thrown", typeid(caught) == typeid(both));
        check("dynamic_cast across", dynamic_cast<const left *>(&caught) != nullptr);
    }
    const std::unique_ptr<base> plain = std::make_unique<base>();
    check("dynamic_cast fails", dynamic_cast<both *>(plain.get()) == nullptr);
    check("bad_cast", throws<std::bad_cast>([&] { (void)dynamic_cast<both &>(*plain); }));
    check("bad_typeid", throws<std::bad_typeid>([] { (void)typeid(*static_cast<base *>(nullptr)).name(); }));
    try {
        throw static_cast<int *>(nullptr);
    } catch (const void *caught) {
        check("a pointer as const void *", caught == nullptr);
    }
    int status = 1;
    std::unique_ptr<char, void (*)(void *)> name(abi::__cxa_demangle(typeid(std::vector<both *>).name(), nullptr, nullptr,
                                                                     &status), std::free);
    check("demangled", status == 0 && std::string(name.get()).find("std::vector<(anonymous namespace)::both*") == 0);
}

// A constructor's parts, an array's elements, and objects on the way are destroyed, each once.
struct fails_late {
    counted one, two;
    explicit fails_late(int when) { if (when == 0) throw 5; }
};
struct fails_third {
    static inline int made;
    counted part;
    fails_third() { if (++made == 3) throw 'x'; }
};

int deep(int level)
{
    counted here;
    if (level == 0)
        throw std::out_of_range("deep");
    return deep(level - 1) + 1;
}

void unwinding()
{
    check("a constructor throws", throws<int>([] { fails_late late(0); }));
    check("an array's element throws", throws<char>([] { delete[] new fails_third[5]; }));
    check("a thousand frames", throws<std::logic_error>([] { deep(1000); }));
    check("all destroyed", counted::alive == 0);
    check("nested", throws<std::runtime_error>([] {
              try {
                  try {
                      throw 1;
                  } catch (...) {
                      std::throw_with_nested(std::runtime_error("outer"));
                  }
              } catch (const std::exception &caught) {
                  check("its inner one", throws<int>([&] { std::rethrow_if_nested(caught); }));
                  throw;
              }
          }));
    check("length_error of new", throws<std::bad_array_new_length>([] {
              volatile long count = -1;
              delete[] new int[count];
          }));
    check("bad_alloc", throws<std::bad_alloc>([] {
              volatile std::size_t size = std::size_t(1) << 46;
              ::operator delete(::operator new(size));
          }));
    check("nothrow", new (std::nothrow) char[std::size_t(1) << 46] == nullptr);
}

struct at_scope_end {
    int &count, seen = 0;
    ~at_scope_end() { seen = std::uncaught_exceptions(), count += seen; }
};

void counting()
{
    int seen = 0;
    try {
        at_scope_end end{seen};
        throw 1;
    } catch (int) {
        check("none uncaught in the handler", std::uncaught_exceptions() == 0);
    }
    check("one uncaught while unwinding", seen == 1);
    std::exception_ptr kept;
    try {
        throw std::string("kept");
    } catch (...) {
        kept = std::current_exception();
    }
    std::thread([&] { check("rethrown by another thread", throws<std::string>([&] { std::rethrow_exception(kept); })); })
        .join();
}

// C's frames have unwind tables as well.
void through_c()
{
    int numbers[] = {3, 1, 2};
    check("out of qsort", throws<int>([&] {
              std::qsort(numbers, 3, sizeof(int), [](const void *, const void *) -> int { throw 1; });
          }));
    check("out of bsearch", throws<long>([&] {
              std::bsearch(numbers, numbers, 3, sizeof(int), [](const void *, const void *) -> int { throw 2L; });
          }));
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    static int tries;
    const auto first = [] { if (++tries == 1) throw tries; };
    check("out of pthread_once", throws<int>([&] { pthread_once(&once, first); }));
    pthread_once(&once, first);
    pthread_once(&once, first);
    check("pthread_once after an exception", tries == 2);
}

int *volatile nowhere;
volatile int zero;

extern "C" void fault(int signal)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signal);
    pthread_sigmask(SIG_UNBLOCK, &one, nullptr);
    throw signal;
}

void out_of_handlers()
{
    std::signal(SIGSEGV, fault);
    std::signal(SIGFPE, fault);
    for (int i = 0; i < 3; i++) {
        int caught = 0;
        try {
            counted here;
            *nowhere = 1;
        } catch (int signal) {
            caught = signal;
        }
        check("out of SIGSEGV's handler", caught == SIGSEGV);
        caught = 0;
        try {
            counted here;
            zero = 1 / zero;
        } catch (int signal) {
            caught = signal;
        }
        check("out of SIGFPE's handler", caught == SIGFPE);
    }
    std::signal(SIGSEGV, SIG_DFL);
    std::signal(SIGFPE, SIG_DFL);
    check("destroyed on the way", counted::alive == 0);
}

void *leaves(void *argument)
{
    counted here;
    try {
        pthread_exit(argument);
    } catch (const std::exception &) {
        check("a forced unwind is no std::exception", false);
    } catch (...) {
        ++*static_cast<int *>(argument);
        throw;
    }
    return nullptr;
}

void *waits(void *argument)
{
    counted here;
    try {
        for (;;)
            std::this_thread::sleep_for(std::chrono::seconds(100));
    } catch (abi::__forced_unwind &) {
        *static_cast<int *>(argument) = 7;
        throw;
    }
    return nullptr;
}

void forced()
{
    int count = 0;
    void *result = nullptr;
    pthread_t thread;
    pthread_create(&thread, nullptr, leaves, &count);
    pthread_join(thread, &result);
    check("pthread_exit through catch (...)", result == &count && count == 1);
    pthread_create(&thread, nullptr, waits, &count);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    check("a cancelled thread unwinds", result == PTHREAD_CANCELED);
    check("objects of threads are destroyed", counted::alive == 0);
}

void many_threads()
{
    std::vector<std::thread> threads;
    std::atomic<int> caught{0};
    for (int i = 0; i < 8; i++)
        threads.emplace_back([&caught] {
            for (int k = 0; k < 300; k++)
                try {
                    deep(k % 20);
                } catch (const std::out_of_range &) {
                    ++caught;
                }
        });
    for (auto &thread : threads)
        thread.join();
    check("exceptions of eight threads at once", caught == 2400 && counted::alive == 0);
}

// A try block of a whole function, errors of the system, and functions that a table holds.
int whole(const std::function<void()> &act)
try {
    act();
    return 0;
} catch (const std::system_error &error) {
    return error.code() == std::errc::no_such_file_or_directory ? 2 : 3;
} catch (const std::bad_function_call &) {
    return 4;
}
} // namespace

int main()
{
    types();
    unwinding();
    counting();
    through_c();
    out_of_handlers();
    forced();
    many_threads();
    check("system_error", whole([] { throw std::system_error(ENOENT, std::generic_category(), "x"); }) == 2);
    check("its text", std::generic_category().message(ENOENT) == "No such file or directory");
    check("bad_function_call", whole({}) == 4);
    return verdict();
}
