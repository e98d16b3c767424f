#include "autods/cells.h"

static bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

static uint8_t lower(uint8_t byte) { return byte >= 'A' && byte <= 'Z' ? byte + 32 : byte; }

static bool is_word(text of, const char *word) {
    text wanted = text_of(word);
    bool same = of.len == wanted.len;
    for (size_t at = 0; same && at < of.len; at++) {
        same = lower(of.ptr[at]) == wanted.ptr[at];
    }
    return same;
}

bool cell_boolean(text of, bool *value) {
    *value = is_word(of, "1") || is_word(of, "true") || is_word(of, "yes");
    return *value || is_word(of, "0") || is_word(of, "false") || is_word(of, "no");
}

bool cell_integer(text of, int64_t *value) {
    bool negative = of.len && *of.ptr == '-';
    size_t at = negative || (of.len && *of.ptr == '+');
    if (at == of.len) {
        return false;
    }
    for (*value = 0; at < of.len; at++) {
        int64_t digit = of.ptr[at] - '0';
        if (!is_digit(of.ptr[at]) || __builtin_mul_overflow(*value, 10, value) ||
            __builtin_add_overflow(*value, negative ? -digit : digit, value)) {
            return false;
        }
    }
    return true;
}

/* So many digits at a place, as a number; -1 where there are not so many. */
static int64_t digits(text of, size_t at, size_t count) {
    if (at > of.len || count > of.len - at) {
        return -1;
    }
    int64_t value = 0;
    for (size_t end = at + count; at < end; at++) {
        if (!is_digit(of.ptr[at])) {
            return -1;
        }
        value = value * 10 + (of.ptr[at] - '0');
    }
    return value;
}

bool cell_date(text of, int64_t *days) {
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year = digits(of, 0, 4), month = digits(of, 5, 2), day = digits(of, 8, 2);
    if (of.len != 10 || of.ptr[4] != '-' || of.ptr[7] != '-' || year < 1 || month < 1 ||
        month > 12 || day < 1) {
        return false;
    }
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > lengths[month - 1] + (leap && month == 2)) {
        return false;
    }
    /* days before the year, by the rule of leap years, and before the month */
    int64_t before = year - 1;
    *days = before * 365 + before / 4 - before / 100 + before / 400 - 719162;
    for (int64_t other = 1; other < month; other++) {
        *days += lengths[other - 1] + (leap && other == 2);
    }
    *days += day - 1;
    return true;
}

static bool is(text of, size_t at, uint8_t byte) { return at < of.len && of.ptr[at] == byte; }

bool cell_datetime(text of, int64_t *micros) {
    int64_t days, second = 0, fraction = 0, shift = 0;
    if (of.len < 10 || !cell_date((text){of.ptr, 10}, &days)) {
        return false;
    }
    if (of.len == 10) {
        *micros = days * 86400 * 1000000;
        return true;
    }
    int64_t hour = digits(of, 11, 2), minute = digits(of, 14, 2);
    if (!(is(of, 10, 'T') || is(of, 10, 't') || is(of, 10, ' ')) || !is(of, 13, ':') || hour < 0 ||
        hour > 23 || minute < 0 || minute > 59) {
        return false;
    }
    size_t at = 16;
    if (is(of, at, ':')) {
        second = digits(of, at + 1, 2);
        at += 3;
        if (second < 0 || second > 59) {
            return false;
        }
        if (is(of, at, '.') || is(of, at, ',')) {
            size_t first = ++at;
            for (int64_t unit = 100000; at < of.len && is_digit(of.ptr[at]); at++, unit /= 10) {
                fraction += unit * (of.ptr[at] - '0');
            }
            if (at == first) {
                return false;
            }
        }
    }
    if (is(of, at, 'Z') || is(of, at, 'z')) {
        at++;
    } else if (is(of, at, '+') || is(of, at, '-')) {
        bool behind = of.ptr[at] == '-';
        int64_t hours = digits(of, at + 1, 2), minutes = 0;
        at += 3;
        if (at < of.len) {
            at += is(of, at, ':');
            minutes = digits(of, at, 2);
            at += 2;
        }
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return false;
        }
        shift = (hours * 60 + minutes) * (behind ? -1 : 1);
    }
    int64_t seconds = hour * 3600 + (minute - shift) * 60 + second;
    *micros = (days * 86400 + seconds) * 1000000 + fraction;
    return at == of.len;
}

bool cell_utf8(text of) {
    for (size_t at = 0; at < of.len;) {
        uint8_t first = of.ptr[at++];
        if (first < 0x80) {
            continue;
        }
        /* how many bytes follow, and what the first of them may be (Unicode 15, table 3-7) */
        size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (first < 0xc2 || first > 0xf4 || more > of.len - at || of.ptr[at] < least ||
            of.ptr[at] > most) {
            return false;
        }
        for (size_t next = 1; next < more; next++) {
            if (of.ptr[at + next] < 0x80 || of.ptr[at + next] > 0xbf) {
                return false;
            }
        }
        at += more;
    }
    return true;
}
