// Text and time of many places: character sets, UTF-8 and wide characters, locales of threads, zones, dates.
// SPDX-License-Identifier: BSD-3-Clause
#define _GNU_SOURCE
#include <errno.h>
#include <iconv.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <wchar.h>
#include <wctype.h>

static int failures;

static void check(const char *what, int holds)
{
    if (!holds)
        printf("FAILED: %s (errno %d)\n", what, errno);
    failures += !holds;
}

// Converts a text; the bytes that came out, or an error as a negative number.
static int convert(const char *to, const char *from, const char *text, size_t size, char *out)
{
    char *in = (char *)text, *at = out;
    size_t room = 64;
    iconv_t descriptor = iconv_open(to, from);
    if (descriptor == (iconv_t)-1)
        return -errno;
    size_t done = iconv(descriptor, &in, &size, &at, &room);
    int error = errno;
    iconv_close(descriptor);
    return done == (size_t)-1 ? -error : (int)(at - out);
}

static void check_iconv(void)
{
    char out[64];
    check("Latin-1", convert("UTF-8", "ISO-8859-1", "\xe4\xff", 2, out) == 4 && memcmp(out, "ä\xc3\xbf", 4) == 0);
    check("and back", convert("latin1", "utf8", "ä", 2, out) == 1 && out[0] == (char)0xe4);
    check("CP1252", convert("UTF-8", "windows-1252", "\x80", 1, out) == 3 && memcmp(out, "€", 3) == 0);
    check("KOI8-R", convert("KOI8-R", "UTF-8", "Я", 2, out) == 1 && out[0] == (char)0xf1);
    check("8859-15", convert("ISO_8859-15", "UTF-8", "€", 3, out) == 1 && out[0] == (char)0xa4);
    check("UTF-16", convert("UTF-16", "UTF-8", "a𝄞", 5, out) == 8 && memcmp(out, "\xff\xfe" "a\0\x34\xd8\x1e\xdd", 8) == 0);
    check("UTF-16 by its mark", convert("UTF-8", "UTF-16", "\xfe\xff\0a\xd8\x34\xdd\x1e", 8, out) == 5 && memcmp(out, "a𝄞", 5) == 0);
    check("UTF-32BE", convert("UTF-32BE", "UTF-8", "a", 1, out) == 4 && memcmp(out, "\0\0\0a", 4) == 0);
    check("WCHAR_T", convert("WCHAR_T", "UTF-8", "ä", 2, out) == 4 && *(wchar_t *)out == 0xe4);
    check("not in it", convert("ASCII", "UTF-8", "ä", 2, out) == -EILSEQ);
    check("transliterated", convert("ASCII//TRANSLIT", "UTF-8", "Ä€ß…☃", 13, out) == 10 && memcmp(out, "AEURss...?", 10) == 0);
    check("ignored", convert("ASCII//IGNORE", "UTF-8", "aäb", 4, out) == 2 && memcmp(out, "ab", 2) == 0);
    check("cut off", convert("UTF-16LE", "UTF-8", "\xe2\x82", 2, out) == -EINVAL);
    check("surrogates", convert("UTF-32LE", "UTF-8", "\xed\xa0\x80", 3, out) == -EILSEQ && convert("UTF-8", "UTF-16LE", "\0\xdc", 2, out) == -EILSEQ);
    check("unknown", convert("UTF-8", "EBCDIC-XX", "", 0, out) == -EINVAL);
    char small[2], *in = (char[]){"äö"}, *at = small;
    size_t left = 4, room = 1;
    iconv_t descriptor = iconv_open("UTF-16LE", "UTF-8");
    check("no room", iconv(descriptor, &in, &left, &at, &room) == (size_t)-1 && errno == E2BIG && left == 4 && room == 1);
    iconv_close(descriptor);
}

static int bad_utf8(const char *text)
{
    wchar_t sign;
    mbstate_t state = {0};
    return mbrtowc(&sign, text, strlen(text), &state) == (size_t)-1 && errno == EILSEQ;
}

static void check_utf8(void)
{
    wchar_t sign = 0, wide[8];
    char bytes[8];
    mbstate_t state = {0};
    check("names", setlocale(LC_ALL, "C.UTF-8") && setlocale(LC_ALL, "en_US.UTF-8") && !setlocale(LC_ALL, "xx_YY.NONE"));
    check("codeset", strcmp(nl_langinfo(CODESET), "UTF-8") == 0 && MB_CUR_MAX >= 4);
    check("mbrtowc", mbrtowc(&sign, "€", 3, &state) == 3 && sign == 0x20ac);
    check("in pieces", mbrtowc(&sign, "\xf0\x9d", 2, &state) == (size_t)-2 && mbrtowc(&sign, "\x84\x9e", 2, &state) == 2 && sign == 0x1d11e);
    check("refused", bad_utf8("\xc0\x80") && bad_utf8("\xed\xa0\x80") && bad_utf8("\xf4\x90\x80\x80") && bad_utf8("\xe0\x80\x80") && bad_utf8("\x80"));
    check("surrogates", wcrtomb(bytes, 0xd800, &state) == (size_t)-1 && wcrtomb(bytes, 0x110000, &state) == (size_t)-1);
    check("mbstowcs", mbstowcs(wide, "aä€", 8) == 3 && wide[2] == 0x20ac && wcstombs(bytes, wide, 8) == 6);
    check("classes", iswupper(0xc4) && towlower(0xc4) == 0xe4 && iswalpha(0x3b1) && wcwidth(0x4e2d) == 2);
    check("printf", snprintf(bytes, sizeof bytes, "%lc%ls", 0x20ac, L"x") == 4 && strcmp(bytes, "€x") == 0);
    char16_t half;
    check("char16_t", mbrtoc16(&half, "𝄞", 4, &state) == 4 && half == 0xd834 && mbrtoc16(&half, "", 1, &state) == (size_t)-3 && half == 0xdd1e);
    check("and back", c16rtomb(bytes, 0xd834, &state) == 0 && c16rtomb(bytes, 0xdd1e, &state) == 4 && memcmp(bytes, "𝄞", 4) == 0);
    char32_t whole;
    check("char32_t", mbrtoc32(&whole, "€", 3, &state) == 3 && whole == 0x20ac && c32rtomb(bytes, whole, &state) == 3);
    setlocale(LC_ALL, "C");
    check("C again", MB_CUR_MAX == 1 && strcmp(localeconv()->decimal_point, ".") == 0);
    locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", NULL), copy = duplocale(utf8), before = uselocale(utf8);
    check("uselocale", uselocale(NULL) == utf8 && MB_CUR_MAX > 1 && mbstowcs(wide, "€", 8) == 1);
    check("and back", uselocale(before) == utf8 && MB_CUR_MAX == 1);
    freelocale(utf8);
    freelocale(copy);
}

static void check_time(void)
{
    struct tm date;
    char text[60];
    time_t now = 1700000000;
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    localtime_r(&now, &date);
    check("winter", date.tm_hour == 23 && date.tm_isdst == 0 && date.tm_gmtoff == 3600 && strcmp(date.tm_zone, "CET") == 0);
    now = 1690000000;
    strftime(text, sizeof text, "%F %T %z %Z", localtime(&now));
    check("summer", strcmp(text, "2023-07-22 06:26:40 +0200 CEST") == 0);
    date = (struct tm){.tm_year = 123, .tm_mon = 6, .tm_mday = 22, .tm_hour = 6, .tm_min = 26, .tm_sec = 40, .tm_isdst = -1};
    check("mktime", mktime(&date) == now && date.tm_isdst == 1 && date.tm_yday == 202);
    setenv("TZ", "<-0330>3:30NDT,J60,J300", 1);
    tzset();
    check("tzset", timezone == 12600 && strcmp(tzname[0], "-0330") == 0 && strcmp(tzname[1], "NDT") == 0 && daylight);
    setenv("TZ", "Europe/Nowhere", 1);
    localtime_r(&now, &date);
    check("unknown zones are UTC", date.tm_gmtoff == 0 && date.tm_hour == 4);
    date = (struct tm){0};
    check("strptime", strptime("Tue, 14 Nov 2023 22:13:20 +0130", "%a, %d %b %Y %H:%M:%S %z", &date) && date.tm_year == 123
                          && date.tm_yday == 317 && date.tm_wday == 2 && date.tm_gmtoff == 5400);
    check("strptime refuses", !strptime("32", "%d", &date) && !strptime("x", "%Y", &date) && strptime("11:05 PM", "%I:%M %p", &date) && date.tm_hour == 23);
    now = -62135596801;
    check("before year 1", gmtime_r(&now, &date) && date.tm_year == -1900 && date.tm_mon == 11 && timegm(&date) == now);
    now = (time_t)1 << 60;
    check("too far", gmtime_r(&now, &date) == NULL && errno == EOVERFLOW);
}

int main(void)
{
    check_iconv();
    check_utf8();
    check_time();
    printf("%d failures\n", failures);
    return failures != 0;
}
