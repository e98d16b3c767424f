/* Streams in. Whatever the bytes are, nothing outside them is read: the first place that is not
   there makes the stream none. */

#include "autods/arrow.h"

#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1, BATCH = 3 };

/* Bytes in which places are looked up; `bad` once one was not there. Zero is what is read then. */
struct view {
    const uint8_t *at;
    size_t len;
    bool bad;
};

static bool inside(struct view *view, size_t at, size_t len) {
    view->bad |= at > view->len || len > view->len - at;
    return !view->bad;
}

static uint64_t load(struct view *view, size_t at, size_t width) {
    uint64_t value = 0;
    if (inside(view, at, width)) {
        memcpy(&value, view->at + at, width);
    }
    return value;
}

/* Where a table of flatbuffers has a field; 0 where it has not. */
static size_t slot(struct view *view, size_t table, size_t field) {
    /* the list of fields stands before the table or, shared with another one, behind it */
    int64_t list = (int64_t)table - (int32_t)load(view, table, 4);
    if (list < 0 || list > INT32_MAX) {
        view->bad = true;
        return 0;
    }
    size_t names = (size_t)list;
    if (4 + 2 * field + 2 > load(view, names, 2)) {
        return 0;
    }
    size_t offset = (size_t)load(view, names + 4 + 2 * field, 2);
    return offset ? table + offset : 0;
}

static uint64_t number(struct view *view, size_t table, size_t field, size_t width,
                       uint64_t otherwise) {
    size_t at = slot(view, table, field);
    return at ? load(view, at, width) : otherwise;
}

/* What a place points at; 0 where it points nowhere. */
static size_t follow(struct view *view, size_t at) {
    uint64_t offset = load(view, at, 4);
    return offset && inside(view, at, (size_t)offset) ? at + (size_t)offset : 0;
}

static size_t target(struct view *view, size_t table, size_t field) {
    size_t at = slot(view, table, field);
    return at ? follow(view, at) : 0;
}

/* The first element of a list, and how many there are. */
static size_t elements(struct view *view, size_t table, size_t field, size_t width, size_t *count) {
    size_t at = target(view, table, field);
    *count = at ? (size_t)load(view, at, 4) : 0;
    if (*count > view->len / width || !inside(view, at + 4, *count * width)) {
        view->bad |= at != 0;
        *count = 0;
    }
    return at + 4;
}

static bool type_of(struct view *view, size_t field, enum arrow_type *type) {
    uint64_t kind = number(view, field, 2, 1, 0);
    size_t more = target(view, field, 3);
    if (!more || target(view, field, 4)) { /* no type, or a dictionary */
        return false;
    }
    uint64_t unit = number(view, more, 0, 2, kind == 8);
    switch (kind) {
    case 2:
        *type = ARROW_INT64;
        return number(view, more, 0, 4, 0) == 64 && number(view, more, 1, 1, 0) == 1;
    case 3:
        *type = unit == 1 ? ARROW_FLOAT32 : ARROW_FLOAT64;
        return unit == 1 || unit == 2;
    case 5:
        *type = ARROW_UTF8;
        return true;
    case 6:
        *type = ARROW_BOOLEAN;
        return true;
    case 8:
        *type = ARROW_DATE32;
        return unit == 0;
    case 10:
        *type = ARROW_TIMESTAMP;
        return unit == 2;
    default:
        return false;
    }
}

static bool read_schema(struct view *view, size_t schema, struct arrow_column **columns,
                        size_t *count) {
    size_t fields = elements(view, schema, 1, 4, count);
    *columns = obtain(*count * sizeof **columns);
    for (size_t at = 0; at < *count; at++) {
        size_t field = follow(view, fields + 4 * at), len;
        enum arrow_type type;
        if (!field || !type_of(view, field, &type)) {
            return false;
        }
        size_t name = elements(view, field, 0, 1, &len);
        (*columns)[at] = arrow_column((text){(uint8_t *)(uintptr_t)view->at + name, len}, type);
        (*columns)[at].name.ptr = len ? (*columns)[at].name.ptr : NULL;
    }
    return !view->bad;
}

/* The next buffer of a batch, if it is inside the body and has `needed` bytes. */
static bool take(struct view *view, size_t *places, size_t *left, const struct view *body,
                 size_t needed, struct view *taken) {
    if (!*left) {
        return false;
    }
    uint64_t start = load(view, *places, 8), len = load(view, *places + 8, 8);
    *places += 16;
    *left -= 1;
    if (view->bad || start > body->len || len > body->len - start || len < needed) {
        return false;
    }
    *taken = (struct view){body->at + start, (size_t)len, false};
    return true;
}

static bool bit(const struct view *bits, size_t at) { return bits->at[at / 8] >> (at % 8) & 1; }

static void add_rows(struct arrow_column *column, size_t rows, const struct view *present,
                     const struct view *values) {
    size_t width = arrow_width(column->type);
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *value = values->at + width * row;
        if (present->at && !bit(present, row)) {
            arrow_missing(column);
        } else if (column->type == ARROW_BOOLEAN) {
            arrow_boolean(column, bit(values, row));
        } else if (column->type == ARROW_FLOAT32) {
            float narrow;
            memcpy(&narrow, value, sizeof narrow);
            arrow_number(column, narrow);
        } else if (column->type == ARROW_FLOAT64) {
            double wide;
            memcpy(&wide, value, sizeof wide);
            arrow_number(column, wide);
        } else if (column->type == ARROW_DATE32) {
            int32_t days;
            memcpy(&days, value, sizeof days);
            arrow_integer(column, days);
        } else {
            int64_t whole;
            memcpy(&whole, value, sizeof whole);
            arrow_integer(column, whole);
        }
    }
}

static bool add_texts(struct arrow_column *column, size_t rows, const struct view *present,
                      const struct view *ends, const struct view *texts) {
    for (size_t row = 0; row < rows; row++) {
        int32_t span[2];
        memcpy(span, ends->at + 4 * row, sizeof span);
        if (span[0] < 0 || span[1] < span[0] || (size_t)span[1] > texts->len) {
            return false;
        }
        if (present->at && !bit(present, row)) {
            arrow_missing(column);
        } else {
            size_t len = (size_t)(span[1] - span[0]);
            arrow_text(column, (text){(uint8_t *)(uintptr_t)texts->at + span[0], len});
        }
    }
    return true;
}

static bool read_batch(struct view *view, size_t batch, const struct view *body,
                       struct arrow_column *columns, size_t count) {
    uint64_t rows = number(view, batch, 0, 8, 0);
    size_t nodes_count, left;
    size_t nodes = elements(view, batch, 1, 16, &nodes_count);
    size_t places = elements(view, batch, 2, 16, &left);
    /* a row takes a bit at least; what follows cannot overflow */
    if (view->bad || target(view, batch, 3) || nodes_count != count || rows / 8 > body->len) {
        return false;
    }
    size_t n = (size_t)rows;
    for (size_t at = 0; at < count; at++, nodes += 16) {
        struct arrow_column *column = &columns[at];
        size_t bits = n / 8 + (n % 8 != 0), width = arrow_width(column->type);
        bool missing = load(view, nodes + 8, 8) != 0;
        struct view present, values, texts;
        if (load(view, nodes, 8) != rows || n > SIZE_MAX / 16 - 1 ||
            !take(view, &places, &left, body, missing ? bits : 0, &present)) {
            return false;
        }
        present.at = missing ? present.at : NULL;
        size_t needed = column->type == ARROW_BOOLEAN ? bits
                        : column->type == ARROW_UTF8  ? (n ? 4 * (n + 1) : 0)
                                                      : width * n;
        if (!take(view, &places, &left, body, needed, &values)) {
            return false;
        }
        if (column->type != ARROW_UTF8) {
            add_rows(column, n, &present, &values);
        } else if (!take(view, &places, &left, body, 0, &texts) ||
                   !add_texts(column, n, &present, &values, &texts)) {
            return false;
        }
    }
    return !view->bad;
}

bool arrow_read(const uint8_t *stream, size_t len, struct arrow_column **columns, size_t *count) {
    struct view whole = {stream, len, false};
    bool schema = false;
    *columns = NULL;
    *count = 0;
    for (size_t at = 0; at < len;) {
        uint64_t mark = load(&whole, at, 4), head = load(&whole, at + 4, 4);
        if (whole.bad || mark != 0xffffffff || !inside(&whole, at + 8, (size_t)head)) {
            return false;
        }
        if (head == 0) {
            break;
        }
        struct view view = {stream + at + 8, (size_t)head, false};
        at += 8 + (size_t)head;
        size_t message = follow(&view, 0), about = target(&view, message, 2);
        uint64_t kind = number(&view, message, 1, 1, 0), size = number(&view, message, 3, 8, 0);
        if (view.bad || !about || size > len - at) {
            return false;
        }
        struct view body = {stream + at, (size_t)size, false};
        at += (size_t)size;
        if (kind == SCHEMA && !schema) {
            schema = read_schema(&view, about, columns, count);
            if (!schema) {
                return false;
            }
        } else if (kind != BATCH || !schema ||
                   !read_batch(&view, about, &body, *columns, *count)) {
            return false;
        }
    }
    return schema;
}
