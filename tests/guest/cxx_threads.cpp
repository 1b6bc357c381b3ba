// What C++ brings for threads, up to C++20; on one core and on several.
// SPDX-License-Identifier: BSD-3-Clause
#include "check.hpp"

#include <barrier>
#include <chrono>
#include <condition_variable>
#include <coroutine>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace
{
constexpr int many = 8;

// Runs `act(number)` in `many` threads.
template <class Act> void in_parallel(Act act)
{
    std::vector<std::jthread> threads;
    for (int i = 0; i < many; i++)
        threads.emplace_back(act, i);
}

void locks()
{
    int plain = 0, shared = 0;
    std::mutex mutex;
    std::shared_mutex both;
    std::recursive_mutex again;
    in_parallel([&](int number) {
        for (int i = 0; i < 1000; i++) {
            std::scoped_lock two(mutex, again);
            std::lock_guard third(again);
            ++plain;
        }
        for (int i = 0; i < 200; i++)
            if (number % 2) {
                std::unique_lock writer(both);
                ++shared;
            } else {
                std::shared_lock reader(both);
                check("read under a lock", shared >= 0);
            }
    });
    check("mutexes", plain == many * 1000);
    check("a shared mutex", shared == many / 2 * 200);
    std::timed_mutex timed;
    std::shared_timed_mutex shared_timed;
    std::unique_lock held(timed);
    std::unique_lock held_too(shared_timed);
    std::thread([&] {
        check("try_lock_for ends", !timed.try_lock_for(2ms));
        check("try_lock_until, by the system's clock", !timed.try_lock_until(std::chrono::system_clock::now() + 2ms));
        check("try_lock_shared_until", !shared_timed.try_lock_shared_until(std::chrono::steady_clock::now() + 2ms));
        check("try_lock_shared_for", !shared_timed.try_lock_shared_for(1ms));
    }).join();
    check("unlock of what is not locked", throws<std::system_error>([&] {
              std::unique_lock<std::mutex> none;
              none.unlock();
          }));
    check("locked twice", throws<std::system_error>([&] { held.lock(); }));
}

void conditions()
{
    std::mutex mutex;
    std::condition_variable changed;
    std::condition_variable_any any;
    int stage = 0;
    std::jthread other([&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return stage == 1; });
        stage = 2;
        changed.notify_all();
    });
    {
        std::unique_lock lock(mutex);
        stage = 1;
        changed.notify_all();
        changed.wait(lock, [&] { return stage == 2; });
        const auto before = std::chrono::steady_clock::now();
        check("wait_for ends", !changed.wait_for(lock, 3ms, [] { return false; }));
        check("and not early", std::chrono::steady_clock::now() - before >= 3ms);
        check("wait_until, by the system's clock",
              changed.wait_until(lock, std::chrono::system_clock::now() + 1ms) == std::cv_status::timeout);
    }
    std::jthread stopped([&](std::stop_token stop) {
        std::unique_lock lock(mutex);
        check("woken by the request to stop", !any.wait(lock, stop, [] { return false; }));
    });
    stopped.request_stop();
    stopped.join();
    int called = 0;
    std::stop_source source;
    {
        std::stop_callback callback(source.get_token(), [&] { ++called; });
        source.request_stop();
        source.request_stop();
    }
    check("a stop_callback runs once", called == 1);
}

void futures()
{
    auto sum = std::async(std::launch::async, [] { return 20 + 22; });
    auto late = std::async(std::launch::deferred, [] { return std::this_thread::get_id(); });
    auto fails = std::async(std::launch::async, []() -> int { throw std::string("no"); });
    check("async", sum.get() == 42);
    check("deferred", late.get() == std::this_thread::get_id());
    check("an exception by a future", throws<std::string>([&] { fails.get(); }));
    std::promise<int> promise;
    std::shared_future<int> shared = promise.get_future().share();
    check("nothing yet", shared.wait_for(1ms) == std::future_status::timeout);
    std::jthread setter([&] { promise.set_value(5); });
    std::atomic<int> total = 0;
    in_parallel([&, shared](int) { total += shared.get(); });
    check("a shared future", total == 5 * many);
    check("set twice", throws<std::future_error>([&] { promise.set_value(6); }));
    std::future<int> abandoned = std::promise<int>().get_future();
    check("a broken promise", throws<std::future_error>([&] { abandoned.get(); }));
    std::packaged_task<int(int)> task([](int n) { return n * 2; });
    auto result = task.get_future();
    std::jthread(std::move(task), 21);
    check("a packaged task", result.get() == 42);
    std::promise<void> at_exit;
    auto done = at_exit.get_future();
    std::thread([&] { at_exit.set_value_at_thread_exit(); }).detach();
    done.wait();
    std::once_flag once;
    std::atomic<int> calls = 0, thrown = 0;
    in_parallel([&](int) {
        try {
            std::call_once(once, [&] { if (++calls < 3) throw 1; });
        } catch (int) {
            ++thrown;
        }
    });
    check("call_once after exceptions", calls == 3 && thrown == 2);
}

void waiting()
{
    std::atomic<int> word = 0;
    std::atomic_flag flag;
    std::jthread other([&] {
        word.wait(0);
        check("woken by a change", word == 1);
        flag.test_and_set();
        flag.notify_all();
    });
    word = 1;
    word.notify_all();
    flag.wait(false);
    std::atomic<std::shared_ptr<int>> pointer(std::make_shared<int>(1));
    in_parallel([&](int) {
        for (int i = 0; i < 100; i++)
            pointer.store(std::make_shared<int>(*pointer.load()));
    });
    check("an atomic shared_ptr", *pointer.load() == 1);
    std::latch latch(many);
    std::barrier barrier(many);
    std::counting_semaphore<2> two(2);
    std::atomic<int> inside = 0, most = 0, rounds = 0;
    in_parallel([&](int) {
        latch.arrive_and_wait();
        for (int round = 1; round <= 20; round++) {
            ++rounds;
            barrier.arrive_and_wait();
            check("nobody runs ahead", rounds >= many * round);
            barrier.arrive_and_wait();
        }
        two.acquire();
        const int now = ++inside;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);)
            ;
        std::this_thread::yield();
        --inside;
        two.release();
    });
    check("a semaphore of two", most >= 1 && most <= 2);
    std::binary_semaphore none(0);
    check("try_acquire_for ends", !none.try_acquire_for(2ms));
    check("try_acquire_until ends", !none.try_acquire_until(std::chrono::system_clock::now() + 2ms));
}

struct pair {
    long a, b;
    bool operator==(const pair &) const = default;
};

void atomics()
{
    std::atomic<pair> both{{0, 0}};
    std::atomic<double> real = 0;
    std::atomic<long double> longer = 0;
    struct large {
        long parts[5];
    };
    std::atomic<large> big{};
    in_parallel([&](int) {
        for (int i = 0; i < 500; i++) {
            pair old = both;
            while (!both.compare_exchange_weak(old, {old.a + 1, old.b - 1}))
                check("never torn", old.a == -old.b);
            real += 0.5;
            large seen = big;
            do
                check("a large one is whole", seen.parts[0] == seen.parts[4]);
            while (!big.compare_exchange_weak(seen, {{seen.parts[0] + 1, 0, 0, 0, seen.parts[4] + 1}}));
        }
    });
    check("sixteen bytes", both.load() == pair{500 * many, -500 * many});
    check("double", real == 250.0 * many);
    check("forty bytes", big.load().parts[4] == 500 * many);
    longer = 1.5L;
    check("long double", longer.exchange(2) == 1.5L && longer == 2);
    unsigned plain = 0;
    in_parallel([&](int) {
        for (int i = 0; i < 500; i++)
            std::atomic_ref(plain).fetch_add(1);
    });
    check("atomic_ref", plain == 500 * many);
}

void sleeping()
{
    const auto start = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(5ms);
    std::this_thread::sleep_until(start + 8ms);
    check("slept", std::chrono::steady_clock::now() - start >= 8ms);
    check("ids differ", std::jthread([] {}).get_id() != std::this_thread::get_id());
    check("cores", std::thread::hardware_concurrency() >= 1);
}

// A coroutine that another thread goes on with.
struct task {
    struct promise_type {
        task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() noexcept { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        std::suspend_always yield_value(int next) { value = next; return {}; }
        void return_void() {}
        void unhandled_exception() { value = -1; }
        int value = 0;
    };
    std::coroutine_handle<promise_type> handle;
};

task count_to(int last)
{
    for (int i = 1; i <= last; i++)
        co_yield i;
    throw std::string("at the end");
}

void coroutines()
{
    task numbers = count_to(3);
    int sum = 0;
    for (;;) {
        std::jthread([&] { numbers.handle.resume(); }).join();
        if (numbers.handle.done())
            break;
        sum += numbers.handle.promise().value;
    }
    check("a coroutine over threads", sum == 6 && numbers.handle.promise().value == -1);
    numbers.handle.destroy();
}
} // namespace

int main()
{
    locks();
    conditions();
    futures();
    waiting();
    atomics();
    sleeping();
    coroutines();
    return verdict();
}
