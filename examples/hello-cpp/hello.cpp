// Says hello in C++, and counts what it was started with.
// SPDX-License-Identifier: BSD-3-Clause
#include <iostream>
#include <map>
#include <string>

int main(int argc, char **argv)
{
    std::cout << "Hello from a unikernel in C++" << __cplusplus / 100 % 100 << "!\n";
    std::map<std::string, int> words;
    for (int i = 1; i < argc; i++)
        ++words[argv[i]];
    for (const auto &[word, count] : words)
        std::cout << word << ": " << count << '\n';
}
