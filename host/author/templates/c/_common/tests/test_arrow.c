/* Streams: what is written is what is read, and nothing else is. */

#include "autods/arrow.h"
#include "check.h"

enum { COLUMNS = 7 };

static const char *const names[COLUMNS] = {"flag", "count", "small", "weight",
                                           "n\xc3\xa4me", "day",   "seen"};
static const enum arrow_type types[COLUMNS] = {
    ARROW_BOOLEAN, ARROW_INT64, ARROW_FLOAT32, ARROW_FLOAT64,
    ARROW_UTF8,    ARROW_DATE32, ARROW_TIMESTAMP,
};

static void made(struct arrow_column of[COLUMNS], size_t rows) {
    for (size_t at = 0; at < COLUMNS; at++) {
        of[at] = arrow_column(text_of(names[at]), types[at]);
        for (size_t row = 0; row < rows; row++) {
            if ((row + at) % 3 == 1 && types[at] != ARROW_FLOAT64) {
                arrow_missing(&of[at]);
            } else if (types[at] == ARROW_BOOLEAN) {
                arrow_boolean(&of[at], row % 2 == 0);
            } else if (types[at] == ARROW_UTF8) {
                arrow_text(&of[at], row % 2 ? text_of("\xc3\xbc\xe2\x82\xac") : text_of(""));
            } else if (types[at] == ARROW_FLOAT32 || types[at] == ARROW_FLOAT64) {
                arrow_number(&of[at], 0.5 * (double)row - 3);
            } else {
                arrow_integer(&of[at], types[at] == ARROW_INT64 && row == 0 ? INT64_MIN : -5 + (int64_t)row);
            }
        }
    }
}

static bool same(const struct arrow_column *a, const struct arrow_column *b) {
    if (!text_is(a->name, b->name) || a->type != b->type || a->rows != b->rows ||
        a->missing != b->missing || a->values.len != b->values.len ||
        a->texts.len != b->texts.len || a->present.len != b->present.len) {
        return false;
    }
    return !(a->values.len && memcmp(a->values.at, b->values.at, a->values.len)) &&
           !(a->texts.len && memcmp(a->texts.at, b->texts.at, a->texts.len)) &&
           !(a->present.len && memcmp(a->present.at, b->present.at, a->present.len));
}

static void what_is_written_is_what_is_read(size_t rows) {
    struct arrow_column columns[COLUMNS], *back;
    struct buffer stream = {0};
    size_t count;
    made(columns, rows);
    arrow_write(columns, COLUMNS, &stream);
    CHECK(arrow_read(stream.at, stream.len, &back, &count));
    CHECK(count == COLUMNS);
    for (size_t at = 0; at < COLUMNS; at++) {
        CHECK(same(&columns[at], &back[at]));
    }
}

/* Every prefix and every wrong byte, in memory of just that size: a sanitiser would see a byte read
   behind it. */
static void a_damaged_stream_is_none_or_another_and_never_a_crash(void) {
    struct arrow_column columns[COLUMNS], *back;
    struct buffer stream = {0};
    size_t count;
    made(columns, 5);
    arrow_write(columns, COLUMNS, &stream);
    for (size_t cut = 0; cut < stream.len; cut++) {
        uint8_t *some = malloc(cut + !cut);
        memcpy(some, stream.at, cut);
        if (arrow_read(some, cut, &back, &count) && cut < stream.len - 8) {
            CHECK(back[0].rows == 0); /* between two messages a stream may end */
        }
        free(some);
    }
    uint8_t *all = malloc(stream.len);
    for (size_t at = 0; at < stream.len; at++) {
        for (int bit = 0; bit < 9; bit++) {
            memcpy(all, stream.at, stream.len);
            all[at] ^= (uint8_t)(bit == 8 ? 0xff : 1 << bit);
            arrow_read(all, stream.len, &back, &count);
        }
    }
    free(all);
}

int main(void) {
    what_is_written_is_what_is_read(0);
    what_is_written_is_what_is_read(3);
    what_is_written_is_what_is_read(1001);
    a_damaged_stream_is_none_or_another_and_never_a_crash();
    return failures != 0;
}
