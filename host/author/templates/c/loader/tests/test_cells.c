/* Texts as the kinds of a dictionary. */

#include "autods/cells.h"

#include <math.h>

#include "check.h"

static bool number_is(const char *of, double wanted) {
    double value;
    return cell_number(text_of(of), &value) && !memcmp(&value, &wanted, sizeof value);
}

static void numbers_are_those_of_the_c_library(void) {
    static const char *const hard[] = {
        "0", "-0", "1", ".5", "5.", "1e22", "1e23", "9007199254740993", "9007199254740992.5",
        "179769313486231570000e288", "2.2250738585072011e-308", "2.2250738585072014e-308",
        "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400",
        "6631236846766476e-316", "3.518437208883201171875e13", "0.1e-6", "8.5e+1",
        "1.00000000000000011102230246251565404236316680908203124",
        "1.00000000000000011102230246251565404236316680908203125",
        "1.00000000000000011102230246251565404236316680908203126",
    };
    for (size_t at = 0; at < sizeof hard / sizeof *hard; at++) {
        CHECK(number_is(hard[at], strtod(hard[at], NULL)));
    }
    /* a tie at 53 bits that is decided by a digit far behind those that are kept */
    char longest[1200] = "9007199254740993.";
    memset(longest + 17, '0', 1100);
    CHECK(number_is(longest, 9007199254740992.0));
    longest[1100] = '1';
    CHECK(number_is(longest, 9007199254740994.0));
    uint64_t random = 88172645463325252u;
    for (int round = 0; round < 100000; round++) {
        char of[64];
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        double value;
        memcpy(&value, &random, sizeof value);
        snprintf(of, sizeof of, "%.*e", (int)(random % 20), value);
        CHECK(!isfinite(value) || !isfinite(strtod(of, NULL)) || number_is(of, strtod(of, NULL)));
    }
}

static void what_is_no_number_is_refused(void) {
    static const char *const wrong[] = {"",    ".",    "+",     "e1",    "1e",  "1e+",  "NaN",
                                        "inf", "1e999", "1,5",  " 1",    "1 ",  "0x10", "1_000",
                                        "1.2.3", "--1", "1.8e308"};
    double value;
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        CHECK(!cell_number(text_of(wrong[at]), &value));
    }
    int64_t whole;
    CHECK(cell_integer(text_of("-9223372036854775808"), &whole) && whole == INT64_MIN);
    CHECK(cell_integer(text_of("+7"), &whole) && whole == 7);
    CHECK(!cell_integer(text_of("9223372036854775808"), &whole));
    CHECK(!cell_integer(text_of("7.0"), &whole));
    CHECK(!cell_integer(text_of("-"), &whole));
    bool flag;
    CHECK(cell_boolean(text_of("Yes"), &flag) && flag);
    CHECK(cell_boolean(text_of("0"), &flag) && !flag);
    CHECK(!cell_boolean(text_of("y"), &flag));
}

static void dates_must_exist(void) {
    int64_t days;
    CHECK(cell_date(text_of("1970-01-01"), &days) && days == 0);
    CHECK(cell_date(text_of("1969-12-31"), &days) && days == -1);
    CHECK(cell_date(text_of("2000-02-29"), &days) && days == 11016);
    CHECK(cell_date(text_of("0001-01-01"), &days) && days == -719162);
    CHECK(cell_date(text_of("9999-12-31"), &days) && days == 2932896);
    static const char *const wrong[] = {"1900-02-29", "0000-01-01", "2001-1-1", "2001-01-01 ",
                                        "2001-13-01", "2001-00-01", "2001-04-31", "2001/01/01", ""};
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        CHECK(!cell_date(text_of(wrong[at]), &days));
    }
}

static void a_time_is_brought_to_utc_only_where_it_has_an_offset(void) {
    static const char *const noon[] = {"1970-01-01T12:00", "1970-01-01 12:00:00Z",
                                       "1970-01-01T14:00:00+02:00", "1970-01-01t14+02",
                                       "1970-01-01T08:30:00-0330"};
    static const char *const wrong[] = {
        "1970-01-01T24:00", "1970-01-01T12",    "1970-01-01T12:00:00.", "1970-01-01x12:00",
        "1970-01-01T12:60", "1970-01-01T12:00z ", "1970-01-01T12:00+2",   "1970-01-01T12:00+02:0"};
    int64_t micros;
    for (size_t at = 0; at < sizeof noon / sizeof *noon; at++) {
        bool good = cell_datetime(text_of(noon[at]), &micros);
        CHECK(at == 3 ? !good : good && micros == 43200000000);
    }
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        CHECK(!cell_datetime(text_of(wrong[at]), &micros));
    }
    CHECK(cell_datetime(text_of("1970-01-01T12:00:00.1234567"), &micros) && micros == 43200123456);
    CHECK(cell_datetime(text_of("1970-01-02"), &micros) && micros == 86400000000);
}

static void utf8_is_told_from_other_bytes(void) {
    CHECK(cell_utf8(text_of("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80")));
    static const char *const wrong[] = {"\x80",         "\xc3",         "\xc0\xaf",
                                        "\xed\xa0\x80", "\xe2\x82",     "\xf4\x90\x80\x80",
                                        "\xff",         "\xe0\x80\x80", "a\xc3(b"};
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        CHECK(!cell_utf8(text_of(wrong[at])));
    }
}

int main(void) {
    numbers_are_those_of_the_c_library();
    what_is_no_number_is_refused();
    dates_must_exist();
    a_time_is_brought_to_utc_only_where_it_has_an_offset();
    utf8_is_told_from_other_bytes();
    return failures != 0;
}
