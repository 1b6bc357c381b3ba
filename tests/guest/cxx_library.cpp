// The library beside threads: streams, locales, numbers to text and back, random, regex, chrono, memory, ranges.
// SPDX-License-Identifier: BSD-3-Clause
#include "check.hpp"

#include <algorithm>
#include <any>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <codecvt>
#include <complex>
#include <cstdlib>
#include <concepts>
#include <cwctype>
#include <deque>
#include <execution>
#include <iomanip>
#include <iostream>
#include <limits>
#include <locale>
#include <map>
#include <memory_resource>
#include <numbers>
#include <numeric>
#include <optional>
#include <random>
#include <ranges>
#include <regex>
#include <set>
#include <source_location>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <valarray>
#include <variant>
#include <vector>

namespace
{
template <class... Values> std::string text(const Values &...values)
{
    std::ostringstream out;
    (out << ... << values);
    return out.str();
}

bool same(const char *what, const std::string &got, const std::string &expected)
{
    if (got != expected)
        std::printf("%s: \"%s\", not \"%s\"\n", what, got.c_str(), expected.c_str());
    return check(what, got == expected);
}

void streams()
{
    same("numbers", text(42, ' ', -7L, ' ', 0.1, ' ', 1e300, ' ', 2.5f, ' ', 1.25L, ' ', true, ' ', nullptr),
         "42 -7 0.1 1e+300 2.5 1.25 1 nullptr");
    same("manipulators", text(std::hex, std::showbase, 255, ' ', std::oct, 8, std::dec, ' ', std::setw(6),
                              std::setfill('*'), 42, ' ', std::left, std::setw(4), 'x', ' ', std::boolalpha, false),
         "0xff 010 ****42 x*** false");
    same("floating", text(std::fixed, std::setprecision(3), 2.0 / 3, ' ', std::scientific, 12345.678, ' ',
                          std::hexfloat, 1.0, ' ', std::defaultfloat, std::setprecision(17), 0.1),
         "0.667 1.235e+04 0x1p+0 0.10000000000000001");
    same("not finite", text(std::numeric_limits<double>::infinity(), ' ', -std::nan("")), "inf -nan");
    std::istringstream in("12 0x1f 3.5e2 word \"two words\" 1 true z");
    int number = 0, hexadecimal = 0, truth = 0;
    double real = 0;
    std::string word, quoted;
    bool flag = false;
    in >> number >> std::hex >> hexadecimal >> std::dec >> real >> word >> std::quoted(quoted) >> truth
        >> std::boolalpha >> flag;
    check("read back", number == 12 && hexadecimal == 31 && real == 350 && word == "word" && quoted == "two words"
                           && truth == 1 && flag);
    in >> number;
    check("a letter is no number", in.fail() && number == 0);
    in.clear();
    in.exceptions(std::ios::failbit);
    check("a stream's exception", throws<std::ios_base::failure>([&] { in >> number; }));
    try {
        in >> number;
    } catch (const std::system_error &error) {
        check("its category", error.code() == std::io_errc::stream);
    }
    std::istringstream big("99999999999999999999 1e999");
    long most = 0;
    big >> most;
    check("too large", big.fail() && most == std::numeric_limits<long>::max());
    std::stringstream lines("one\ntwo\n\nfour");
    int count = 0;
    for (std::string line; std::getline(lines, line);)
        ++count;
    check("lines", count == 4);
    std::wostringstream wide;
    wide << L"wide " << 1.5 << L' ' << 42;
    check("wide streams", wide.str() == L"wide 1.5 42");
}

struct grouped : std::numpunct<char> {
    char do_thousands_sep() const override { return '.'; }
    char do_decimal_point() const override { return ','; }
    std::string do_grouping() const override { return "\3"; }
};

void locales()
{
    const std::locale classic = std::locale::classic();
    check("the first global locale is C", std::locale() == classic && classic.name() == "C");
    for (const char *name : {"", "C", "POSIX", "C.UTF-8", "en_US.UTF-8"})
        check(name, !throws<std::runtime_error>([&] { std::locale locale(name); }));
    check("no such locale", throws<std::runtime_error>([] { std::locale locale("nowhere"); }));
    const std::locale utf8("C.UTF-8");
    const auto &classes = std::use_facet<std::ctype<wchar_t>>(utf8);
    check("letters", classes.is(std::ctype_base::alpha, L'\u00e4') && !classes.is(std::ctype_base::alpha, L'\u20ac'));
    check("upper case", classes.toupper(L'\u00e4') == L'\u00c4' && classes.tolower(L'Z') == L'z');
    const auto &narrow = std::use_facet<std::ctype<char>>(classic);
    check("classes of char", narrow.is(std::ctype_base::blank, '\t') && !narrow.is(std::ctype_base::blank, '\n')
                                 && narrow.is(std::ctype_base::graph, '~') && !narrow.is(std::ctype_base::graph, ' ')
                                 && narrow.is(std::ctype_base::cntrl | std::ctype_base::digit, '7'));
    const auto &conversion = std::use_facet<std::codecvt<wchar_t, char, std::mbstate_t>>(utf8);
    const std::wstring wide = L"gr\u00fc\u00dfe \u20ac \U0001f600";
    std::string bytes(64, '\0');
    std::mbstate_t state{};
    const wchar_t *from = nullptr;
    char *to = nullptr;
    check("to UTF-8", conversion.out(state, wide.data(), wide.data() + wide.size(), from, bytes.data(),
                                     bytes.data() + bytes.size(), to) == std::codecvt_base::ok);
    bytes.resize(to - bytes.data());
    check("its bytes", bytes == "gr\u00fc\u00dfe \u20ac \U0001f600");
    std::wstring back(64, L'\0');
    const char *bytes_from = nullptr;
    wchar_t *wide_to = nullptr;
    check("from UTF-8", conversion.in(state, bytes.data(), bytes.data() + bytes.size(), bytes_from, back.data(),
                                      back.data() + back.size(), wide_to) == std::codecvt_base::ok);
    back.resize(wide_to - back.data());
    check("and back", back == wide && conversion.max_length() > 1);
    check("char16_t and back", std::wstring_convert<std::codecvt_utf8_utf16<char16_t>, char16_t>().to_bytes(
                                   u"\u20ac\U0001f600") == "\u20ac\U0001f600");
    std::ostringstream out;
    out.imbue(std::locale(classic, new grouped));
    out << 1234567 << ' ' << 1234.5;
    same("a facet of one's own", out.str(), "1.234.567 1.234,5");
    std::tm when{};
    when.tm_year = 124, when.tm_mon = 1, when.tm_mday = 29, when.tm_hour = 13, when.tm_wday = 4, when.tm_yday = 59;
    same("put_time", text(std::put_time(&when, "%Y-%m-%d %H:%M %A %B %j")), "2024-02-29 13:00 Thursday February 060");
    std::tm read{};
    std::istringstream("2023-07-04 05:06:07") >> std::get_time(&read, "%Y-%m-%d %H:%M:%S");
    check("get_time", read.tm_year == 123 && read.tm_mon == 6 && read.tm_mday == 4 && read.tm_sec == 7);
    long double money = 0;
    std::istringstream("12345") >> std::get_money(money);
    check("get_money", money == 12345 && text(std::put_money(12345)) == "12345");
    const auto &order = std::use_facet<std::collate<char>>(utf8);
    const std::string a = "a", b = "b";
    check("collate", order.compare(&a[0], &a[1], &b[0], &b[1]) < 0);
}

void numbers()
{
    for (double value : {0.1, 1e23, 5e-324, 1.7976931348623157e308, -0.0, 123456789.125, 2.0 / 3}) {
        char buffer[64];
        const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
        double back = 1;
        std::from_chars(buffer, end.ptr, back);
        check("to_chars and back", end.ec == std::errc() && std::bit_cast<long>(back) == std::bit_cast<long>(value));
        check("strtod agrees", std::strtod(std::string(buffer, end.ptr).c_str(), nullptr) == value);
    }
    char buffer[64];
    same("shortest", {buffer, std::to_chars(buffer, buffer + 64, 0.3).ptr}, "0.3");
    same("fixed", {buffer, std::to_chars(buffer, buffer + 64, 1.0 / 3, std::chars_format::fixed, 4).ptr}, "0.3333");
    same("long double", {buffer, std::to_chars(buffer, buffer + 64, 0.1L).ptr}, "0.1");
    same("base 36", {buffer, std::to_chars(buffer, buffer + 64, 123456789, 36).ptr}, "21i3v9");
    int number = 1;
    const std::string digits = "99999999999";
    check("out of range",
          std::from_chars(&digits[0], &digits[0] + digits.size(), number).ec == std::errc::result_out_of_range);
    same("to_string", std::to_string(3.5) + std::to_string(-1ul), "3.50000018446744073709551615");
    check("stoi", std::stoi("0x1f", nullptr, 16) == 31 && std::stold("1.5") == 1.5L && std::stoull("7") == 7);
    check("stoi refuses", throws<std::invalid_argument>([] { std::stoi("x"); })
                              && throws<std::out_of_range>([] { std::stoi("99999999999"); }));
    check("complex", std::abs(std::exp(std::complex<double>(0, std::numbers::pi)) + 1.0) < 1e-15);
    check("special functions", std::abs(std::cyl_bessel_j(0, 1.0) - 0.7651976865579666) < 1e-12
                                   && std::abs(std::riemann_zeta(2.0) - std::numbers::pi * std::numbers::pi / 6) < 1e-12
                                   && std::abs(std::lgamma(5.0) - std::log(24.0)) < 1e-12);
    check("bits", std::popcount(255u) == 8 && std::bit_ceil(5u) == 8 && std::countl_zero(1u) == 31
                      && std::rotl(1u, 33) == 2);
    check("midpoint, lerp, gcd", std::midpoint(1, 4) == 2 && std::lerp(0., 10., .5) == 5 && std::gcd(12, 18) == 6);
    const std::valarray<double> values{1, 2, 3};
    check("valarray", (values * values).sum() == 14 && std::sqrt(values * values)[1] == 2);
}

void chance()
{
    std::mt19937 twister;
    twister.discard(9999);
    check("mt19937", twister() == 4123659995u);
    std::mt19937_64 longer;
    longer.discard(9999);
    check("mt19937_64", longer() == 9981545732273789042ull);
    std::ranlux48 lux;
    lux.discard(9999);
    check("ranlux48", lux() == 249142670248501ull);
    for (const char *name : {"default", "rdrand", "/dev/urandom", "getentropy"}) {
        try {
            std::random_device device(name);
            std::set<unsigned> seen;
            for (int i = 0; i < 50; i++)
                seen.insert(device());
            check(name, seen.size() > 45);
        } catch (const std::exception &) {
            check("only what the machine lacks", name[0] == 'r' || name[0] == '/');
        }
    }
    double sum = 0;
    std::normal_distribution<> bell(10, 2);
    for (int i = 0; i < 10000; i++)
        sum += bell(twister);
    check("a normal distribution", std::abs(sum / 10000 - 10) < 0.2);
}

void patterns()
{
    const std::regex date(R"((\d{4})-(\d\d)-(\d\d))"), vowels("[aeiou]+", std::regex::icase | std::regex::extended);
    const std::string said = "from 2023-01-31 to 2024-02-29";
    std::vector<std::string> years;
    for (std::sregex_iterator match(said.begin(), said.end(), date), end; match != end; ++match)
        years.push_back((*match)[1]);
    check("regex", years == std::vector<std::string>{"2023", "2024"});
    same("regex_replace", std::regex_replace(said, date, "$3.$2.$1"), "from 31.01.2023 to 29.02.2024");
    check("icase", std::regex_search("xxAExx", vowels) && !std::regex_match("xx", vowels));
    check("regex_error", throws<std::regex_error>([] { std::regex broken("(["); }));
    check("a wide one", std::regex_match(L"gr\u00fcn", std::wregex(L"\\w+.n")));
}

void time()
{
    using namespace std::chrono;
    check("a calendar", sys_days(2024y / February / 29).time_since_epoch() == days(19782)
                            && year_month_day(sys_days(days(19782))) == 2024y / February / last
                            && weekday(sys_days(days(19782))) == Thursday);
    check("after 2020", system_clock::now() > sys_days(2020y / January / 1));
    const auto now = steady_clock::now();
    check("steady", steady_clock::now() >= now && steady_clock::is_steady);
    check("hh_mm_ss", hh_mm_ss(3661s).minutes() == 1min && round<hours>(89min) == 1h);
}

void memory()
{
    std::byte room[1024];
    std::pmr::monotonic_buffer_resource buffer(room, sizeof room, std::pmr::null_memory_resource());
    std::pmr::vector<std::pmr::string> strings(&buffer);
    strings.emplace_back("long enough to need some memory of its own");
    check("pmr", reinterpret_cast<std::byte *>(strings[0].data()) >= room
                     && reinterpret_cast<std::byte *>(strings[0].data()) < room + sizeof room);
    check("no more of it", throws<std::bad_alloc>([&] { strings.resize(100); }));
    std::pmr::synchronized_pool_resource pool;
    std::pmr::map<int, int> map(&pool);
    for (int i = 0; i < 1000; i++)
        map[i] = i;
    check("a pool", map[999] == 999);
    struct alignas(256) wide {
        char bytes[256];
    };
    const auto aligned = std::make_unique<wide[]>(3);
    check("aligned new", reinterpret_cast<std::uintptr_t>(aligned.get()) % 256 == 0);
    std::weak_ptr<int> weak;
    {
        const auto shared = std::make_shared<int>(1);
        weak = shared;
        check("shared_ptr", weak.lock() == shared);
    }
    check("weak_ptr", weak.expired());
}

template <std::integral Number> constexpr const char *kind(Number) { return "integral"; }
template <std::floating_point Number> constexpr const char *kind(Number) { return "floating"; }

void algorithms()
{
    auto squares = std::views::iota(1) | std::views::filter([](int n) { return n % 2; })
                   | std::views::transform([](int n) { return n * n; }) | std::views::take(4);
    check("ranges", std::ranges::equal(squares, std::vector{1, 9, 25, 49}));
    std::vector<int> numbers(100000);
    std::iota(numbers.begin(), numbers.end(), 0);
    std::ranges::shuffle(numbers, std::mt19937(1));
    std::ranges::sort(numbers);
    check("sort", std::ranges::is_sorted(numbers) && numbers[500] == 500);
    check("concepts", std::string_view(kind(1)) == "integral" && std::string_view(kind(1.)) == "floating");
    const std::variant<int, std::string> either = std::string("text");
    check("variant", std::visit([](const auto &value) { return text(value); }, either) == "text"
                         && throws<std::bad_variant_access>([&] { (void)std::get<int>(either); }));
    check("any", std::any_cast<int>(std::any(5)) == 5
                     && throws<std::bad_any_cast>([] { (void)std::any_cast<int>(std::any("x")); }));
    check("optional", throws<std::bad_optional_access>([] { (void)std::optional<int>().value(); }));
    check("a source location", std::string_view(std::source_location::current().function_name()).find("algorithms")
                                   != std::string_view::npos);
    std::unordered_map<std::string, int> counts;
    for (int i = 0; i < 5000; i++)
        ++counts[std::to_string(i % 700)];
    check("unordered_map", counts.size() == 700 && counts["699"] == 7);
    const auto [smallest, largest] = std::ranges::minmax(numbers);
    check("a spaceship", (std::tuple(1, 2.5) <=> std::tuple(1, 2.0)) > 0 && smallest == 0 && largest == 99999);
}
} // namespace

int main()
{
    streams();
    locales();
    numbers();
    chance();
    patterns();
    time();
    memory();
    algorithms();
    std::cout << "cout ";
    std::cerr << "cerr ";
    std::clog << "clog\n";
    int given = 0;
    std::string line;
    std::cin >> given >> std::ws;
    std::getline(std::cin, line);
    check("cin", given == 17 && line == "rest of it" && !std::getline(std::cin, line));
    std::wcout << L"wcout\n";
    return verdict();
}
