/* Decimal texts to the nearest double, without a libc.

   Short numbers are one exact multiplication or division (Clinger, "How to read floating point
   numbers accurately", 1990). The others are divided as whole numbers of as many bits as it
   takes: slow, exact, and rare. */

#include "autods/cells.h"

#include <string.h>

enum {
    DIGITS = 800, /* more than 767 decide nothing but a tie, which a last 1 stands for */
    WORDS = 160   /* bits / 32 of 10^1150, and 64 more */
};

/* A whole number; its lowest 32 bits first. */
struct big {
    uint32_t words[WORDS];
    size_t len;
};

static void times_plus(struct big *big, uint32_t factor, uint32_t more) {
    uint64_t carry = more;
    for (size_t at = 0; at < big->len; at++) {
        carry += (uint64_t)big->words[at] * factor;
        big->words[at] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry) {
        REQUIRE(big->len < WORDS);
        big->words[big->len++] = (uint32_t)carry;
    }
}

static size_t bits(const struct big *big) {
    return big->len ? 32 * big->len - (size_t)__builtin_clz(big->words[big->len - 1]) : 0;
}

static void shift_up(struct big *big, size_t by) {
    for (; by >= 16; by -= 16) {
        times_plus(big, 1u << 16, 0);
    }
    times_plus(big, 1u << by, 0);
}

static void halve(struct big *big) {
    for (size_t at = 0; at < big->len; at++) {
        uint32_t next = at + 1 < big->len ? big->words[at + 1] : 0;
        big->words[at] = big->words[at] >> 1 | next << 31;
    }
    big->len -= big->len && !big->words[big->len - 1];
}

/* Takes `b` off `a` if it can. */
static bool take(struct big *a, const struct big *b) {
    bool less = a->len < b->len;
    for (size_t at = a->len; a->len == b->len && at-- > 0;) {
        if (a->words[at] != b->words[at]) {
            less = a->words[at] < b->words[at];
            break;
        }
    }
    if (less) {
        return false;
    }
    int64_t carry = 0;
    for (size_t at = 0; at < a->len; at++) {
        carry += (int64_t)a->words[at] - (at < b->len ? b->words[at] : 0);
        a->words[at] = (uint32_t)carry;
        carry >>= 32;
    }
    while (a->len && !a->words[a->len - 1]) {
        a->len--;
    }
    return true;
}

/* The double nearest to `quotient` / 2^`scale`, or a little more where there is a rest. */
static bool rounded(uint64_t quotient, int scale, bool rest, double *value) {
    if (quotient >> 63) {
        rest |= quotient & 1;
        quotient >>= 1;
        scale--;
    }
    int top = 63 - __builtin_clzll(quotient), exponent = top - scale;
    /* bits of the result: fewer where it is subnormal */
    int has = exponent >= -1022 ? 53 : 53 - (-1022 - exponent);
    if (has < 0) {
        *value = 0;
        return true;
    }
    int drop = top + 1 - has;
    uint64_t kept = quotient >> drop, half = (uint64_t)1 << (drop - 1);
    uint64_t dropped = quotient & ((half << 1) - 1);
    kept += dropped > half || (dropped == half && (rest || (kept & 1)));
    int unit = drop - scale; /* the power of two of the last bit kept */
    uint64_t image = kept;
    if (unit > -1074) {
        image += (uint64_t)(unit + 1074) << 52;
    }
    memcpy(value, &image, sizeof image);
    return image >> 52 < 2047;
}

static bool divided(const uint8_t *digits, size_t count, int exponent, double *value) {
    struct big top = {.len = 0}, below = {.words = {1}, .len = 1};
    for (size_t at = 0; at < count; at++) {
        times_plus(&top, 10, digits[at]);
    }
    struct big *scaled = exponent > 0 ? &top : &below;
    for (int left = exponent > 0 ? exponent : -exponent; left > 0; left--) {
        times_plus(scaled, 10, 0);
    }
    /* so that the quotient has 63 or 64 bits */
    int scale = 63 - ((int)bits(&top) - (int)bits(&below));
    shift_up(scale > 0 ? &top : &below, (size_t)(scale > 0 ? scale : -scale));
    shift_up(&below, 63);
    uint64_t quotient = 0;
    for (int bit = 0; bit < 64; bit++, halve(&below)) {
        quotient = quotient << 1 | take(&top, &below);
    }
    return rounded(quotient, scale, top.len > 0, value);
}

bool cell_number(text of, double *value) {
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    uint8_t digits[DIGITS + 1];
    size_t count = 0, seen = 0, at = 0;
    int exponent = 0, asked = 0;
    bool negative = of.len && *of.ptr == '-', point = false, more = false;
    at += negative || (of.len && *of.ptr == '+');
    for (; at < of.len; at++) {
        uint8_t byte = of.ptr[at];
        if (byte == '.' && !point) {
            point = true;
            continue;
        }
        if (byte < '0' || byte > '9') {
            break;
        }
        seen++;
        exponent -= point;
        if (count < DIGITS && (count || byte != '0')) {
            digits[count++] = byte - '0';
        } else if (count) {
            more |= byte != '0';
            exponent++;
        }
    }
    if (!seen) {
        return false;
    }
    if (at < of.len && (of.ptr[at] == 'e' || of.ptr[at] == 'E')) {
        bool minus = ++at < of.len && of.ptr[at] == '-';
        at += minus || (at < of.len && of.ptr[at] == '+');
        size_t first = at;
        for (; at < of.len && of.ptr[at] >= '0' && of.ptr[at] <= '9'; at++) {
            asked = asked > 200000 ? asked : asked * 10 + (of.ptr[at] - '0');
        }
        if (at == first) {
            return false;
        }
        exponent += minus ? -asked : asked;
    }
    if (at != of.len) {
        return false;
    }
    if (more) { /* not a tie: there is something behind the digits kept */
        digits[count++] = 1;
        exponent--;
    }
    bool finite = true;
    if (!count || exponent + (int)count < -330) {
        *value = 0;
    } else if (exponent + (int)count > 310) {
        return false;
    } else if (count <= 15 && exponent >= -22 && exponent <= 22) {
        double whole = 0;
        for (size_t digit = 0; digit < count; digit++) {
            whole = whole * 10 + digits[digit];
        }
        *value = exponent < 0 ? whole / tens[-exponent] : whole * tens[exponent];
    } else {
        finite = divided(digits, count, exponent, value);
    }
    *value = negative ? -*value : *value;
    return finite;
}
