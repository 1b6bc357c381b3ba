// std::filesystem and file streams, in the memory of the guest.
// SPDX-License-Identifier: BSD-3-Clause
#include "check.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace
{
std::string content(const fs::path &path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void streams(const fs::path &here)
{
    std::ofstream(here / "a") << "one " << 2 << '\n';
    std::ofstream(here / "a", std::ios::app) << "three\n";
    check("written and appended", content(here / "a") == "one 2\nthree\n");
    std::fstream both(here / "a", std::ios::in | std::ios::out);
    both.seekp(4);
    both << "TWO";
    both.seekg(0);
    std::string word;
    both >> word >> word;
    check("in the middle", word == "TWOhree");
    both.seekg(-3, std::ios::end);
    check("from the end", both.tellg() == 9);
    check("no such file", !std::ifstream(here / "none") && std::ofstream(here / "none" / "x").fail());
    std::string big(1 << 20, 'x');
    std::ofstream(here / "big") << big;
    check("a megabyte", content(here / "big") == big && fs::file_size(here / "big") == big.size());
    fs::resize_file(here / "big", 10);
    check("shortened", fs::file_size(here / "big") == 10);
    std::wofstream(here / "wide") << L"wide";
    check("a wide file", content(here / "wide") == "wide");
}

void trees(const fs::path &here)
{
    check("directories", fs::create_directories(here / "d/e/f") && !fs::create_directory(here / "d"));
    std::ofstream(here / "d/e/x") << "x";
    fs::copy(here / "d", here / "copy", fs::copy_options::recursive);
    std::set<std::string> found;
    for (const auto &entry : fs::recursive_directory_iterator(here / "copy"))
        found.insert(entry.path().lexically_relative(here).string() + (entry.is_directory() ? "/" : ""));
    check("copied and listed", found == std::set<std::string>{"copy/e/", "copy/e/f/", "copy/e/x"});
    fs::rename(here / "copy/e/x", here / "copy/y");
    check("renamed", fs::exists(here / "copy/y") && !fs::exists(here / "copy/e/x"));
    check("removed", fs::remove_all(here / "copy") == 4 && !fs::exists(here / "copy"));
    check("not empty", throws<fs::filesystem_error>([&] { fs::remove(here / "d"); }));
    try {
        (void)fs::file_size(here / "none");
    } catch (const fs::filesystem_error &error) {
        check("an error's path", error.path1() == here / "none");
        check("and its code", error.code() == std::errc::no_such_file_or_directory);
    }
    std::error_code code;
    check("an error by code", fs::file_size(here / "none", code) == static_cast<std::uintmax_t>(-1) && code);
    const fs::path before = fs::current_path();
    fs::current_path(here / "d");
    check("the current path", fs::exists("e/x") && fs::canonical("e/../e/x") == fs::canonical(here) / "d/e/x"
                                  && fs::weakly_canonical("e/none/../z") == fs::canonical(here) / "d/e/z");
    fs::current_path(before);
}

void links_and_status(const fs::path &here)
{
    std::ofstream(here / "file") << "text";
    fs::create_symlink("file", here / "link");
    fs::create_hard_link(here / "file", here / "hard");
    check("links", fs::is_symlink(here / "link") && fs::read_symlink(here / "link") == "file"
                       && content(here / "link") == "text" && fs::hard_link_count(here / "file") == 2
                       && fs::equivalent(here / "hard", here / "file"));
    fs::permissions(here / "file", fs::perms::owner_read, fs::perm_options::replace);
    check("permissions", fs::status(here / "file").permissions() == fs::perms::owner_read);
    fs::permissions(here / "file", fs::perms::owner_write, fs::perm_options::add);
    const auto time = fs::file_time_type::clock::now() - std::chrono::hours(24);
    fs::last_write_time(here / "file", time);
    check("the time of the last write", fs::last_write_time(here / "file") == time);
    check("types", fs::is_directory(here) && fs::is_regular_file(here / "file") && fs::is_empty(here / "d/e/f")
                       && fs::is_character_file("/dev/null"));
    fs::copy_file(here / "file", here / "other");
    check("space", fs::space(here).capacity >= fs::space(here).available);
    check("copy_file twice", throws<fs::filesystem_error>([&] { fs::copy_file(here / "file", here / "other"); })
                                 && !fs::copy_file(here / "file", here / "other", fs::copy_options::skip_existing)
                                 && content(here / "other") == "text");
}
} // namespace

int main()
{
    const fs::path here = fs::temp_directory_path() / "cxx_files";
    fs::create_directories(here);
    streams(here);
    trees(here);
    links_and_status(here);
    fs::remove_all(here);
    check("all gone", !fs::exists(here));
    check("paths", (fs::path("/a/b") / "../c.tar.gz").lexically_normal() == "/a/c.tar.gz"
                       && fs::path("x.tar.gz").stem() == "x.tar" && fs::path("a//b/").filename().empty());
    return verdict();
}
