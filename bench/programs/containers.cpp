// Containers, strings and iostreams of C++: what the library's templates, malloc and the string functions cost together.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "figure.h"

namespace
{
constexpr std::size_t many = 4096;

std::uint32_t next(std::uint32_t &state)
{
    state = state * 1664525 + 1013904223;
    return state;
}

std::vector<std::string> words()
{
    std::uint32_t state = 1;
    std::vector<std::string> made;
    for (std::size_t i = 0; i < many; i++)
        made.push_back("word-" + std::to_string(next(state) % 1500) + (i % 7 ? "" : "-with a tail that needs memory"));
    return made;
}

const std::vector<std::string> text = words();
volatile std::size_t sink;

void count_ordered(void *, std::size_t calls)
{
    while (calls--) {
        std::map<std::string, int> counts;
        for (const auto &word : text)
            ++counts[word];
        sink = counts.size();
    }
}

void count_hashed(void *, std::size_t calls)
{
    while (calls--) {
        std::unordered_map<std::string, int> counts;
        for (const auto &word : text)
            ++counts[word];
        sink = counts.size();
    }
}

void sort_strings(void *, std::size_t calls)
{
    while (calls--) {
        auto copy = text;
        std::sort(copy.begin(), copy.end());
        sink = copy.front().size();
    }
}

void sort_numbers(void *, std::size_t calls)
{
    while (calls--) {
        std::uint32_t state = 7;
        std::vector<std::uint32_t> numbers(many);
        for (auto &number : numbers)
            number = next(state);
        std::sort(numbers.begin(), numbers.end());
        sink = numbers[many / 2];
    }
}

void join_and_find(void *, std::size_t calls)
{
    while (calls--) {
        std::string all;
        for (const auto &word : text)
            all += word + ' ';
        std::size_t found = 0;
        for (std::size_t at = 0; (at = all.find("tail", at)) != std::string::npos; at++)
            ++found;
        sink = found;
    }
}

void shared_nodes(void *, std::size_t calls)
{
    struct node {
        std::shared_ptr<node> next;
        std::size_t value;
    };
    while (calls--) {
        std::shared_ptr<node> list;
        for (std::size_t i = 0; i < many; i++)
            list = std::make_shared<node>(node{std::move(list), i});
        while (list)
            list = std::move(list->next);
    }
}

void streams(void *, std::size_t calls)
{
    while (calls--) {
        std::ostringstream out;
        for (std::size_t i = 0; i < many / 8; i++)
            out << i << ' ' << 0.125 * static_cast<double>(i) << ' ' << text[i] << '\n';
        std::istringstream in(out.str());
        std::size_t number = 0, total = 0;
        double real = 0;
        for (std::string rest; in >> number >> real && std::getline(in, rest);)
            total += number + rest.size();
        sink = total;
    }
}

__attribute__((noinline)) void fails(std::size_t depth)
{
    const std::string here = text[depth];
    if (depth == 0)
        throw here;
    fails(depth - 1);
    sink = here.size();
}

void exceptions(void *, std::size_t calls)
{
    while (calls--)
        try {
            fails(8);
        } catch (const std::string &caught) {
            sink = caught.size();
        }
}
} // namespace

int main()
{
    figure("map-of-strings", count_ordered, nullptr);
    figure("unordered_map-of-strings", count_hashed, nullptr);
    figure("sort-strings", sort_strings, nullptr);
    figure("sort-numbers", sort_numbers, nullptr);
    figure("join-and-find", join_and_find, nullptr);
    figure("shared_ptr-list", shared_nodes, nullptr);
    figure("streams", streams, nullptr);
    figure("throw-and-catch", exceptions, nullptr);
    return 0;
}
