/* Streams out. A message is a table of flatbuffers (https://flatbuffers.dev/internals/), written
   front to back: everything stands behind what points at it. */

#include "autods/arrow.h"

#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1, BATCH = 3, V5 = 4 };

/* Numbers of the format, little end first as on every machine that this runs on. */
static void set(struct buffer *out, size_t at, uint64_t value, size_t width) {
    memcpy(out->at + at, &value, width);
}

static void put(struct buffer *out, uint64_t value, size_t width) {
    buffer_add(out, &value, width);
}

/* A field of a table: its bytes (0: it is left out), its value, and where it was put. One that
   points somewhere has four bytes and is set by `point`. */
struct slot {
    size_t width;
    uint64_t value;
    size_t at;
};

static void point(struct buffer *out, size_t at, size_t to) { set(out, at, to - at, 4); }

/* Appends a table and gives its place. */
static size_t put_table(struct buffer *out, struct slot *slots, size_t count) {
    size_t size = 4, head = 4 + 2 * count;
    for (size_t width = 8; width; width /= 2) { /* widest first, each at a multiple of its width */
        for (size_t at = 0; at < count; at++) {
            if (slots[at].width == width) {
                size += -size % width;
                slots[at].at = size;
                size += width;
            }
        }
    }
    buffer_pad(out, 8, -head % 8);
    put(out, head, 2);
    put(out, size, 2);
    for (size_t at = 0; at < count; at++) {
        put(out, slots[at].width ? slots[at].at : 0, 2);
    }
    size_t place = out->len;
    put(out, head, 4);
    memset(buffer_extend(out, size - 4), 0, size - 4);
    for (size_t at = 0; at < count; at++) {
        if (slots[at].width) {
            slots[at].at += place;
            set(out, slots[at].at, slots[at].value, slots[at].width);
        }
    }
    return place;
}

/* A list begins here: it is pointed at from `from`, and its length is put. */
static void put_list(struct buffer *out, size_t from, size_t count, size_t width) {
    buffer_pad(out, width, width == 8 ? 4 : 0);
    point(out, from, out->len);
    put(out, count, 4);
}

static void put_type(struct buffer *out, enum arrow_type type, size_t from) {
    struct slot slots[2] = {{0}};
    switch (type) {
    case ARROW_INT64:
        slots[0] = (struct slot){4, 64, 0}; /* bits */
        slots[1] = (struct slot){1, 1, 0};  /* signed */
        break;
    case ARROW_FLOAT32:
        slots[0] = (struct slot){2, 1, 0}; /* single precision */
        break;
    case ARROW_FLOAT64:
        slots[0] = (struct slot){2, 2, 0}; /* double */
        break;
    case ARROW_DATE32:
        slots[0] = (struct slot){2, 0, 0}; /* days */
        break;
    case ARROW_TIMESTAMP:
        slots[0] = (struct slot){2, 2, 0}; /* microseconds */
        break;
    default:
        break;
    }
    point(out, from, put_table(out, slots, 2));
}

static void put_field(struct buffer *out, const struct arrow_column *column, size_t from) {
    static const uint8_t numbers[] = {
        [ARROW_BOOLEAN] = 6, [ARROW_INT64] = 2,  [ARROW_FLOAT32] = 3,    [ARROW_FLOAT64] = 3,
        [ARROW_UTF8] = 5,    [ARROW_DATE32] = 8, [ARROW_TIMESTAMP] = 10,
    };
    /* name, nullable, number of the type, the type, dictionary, children */
    struct slot slots[6] = {{4, 0, 0}, {1, 1, 0}, {1, numbers[column->type], 0},
                            {4, 0, 0}, {0, 0, 0}, {4, 0, 0}};
    point(out, from, put_table(out, slots, 6));
    put_list(out, slots[0].at, column->name.len, 4);
    buffer_add(out, column->name.ptr, column->name.len);
    put(out, 0, 1);
    put_type(out, column->type, slots[3].at);
    put_list(out, slots[5].at, 0, 4);
}

/* The head of a message, around which the caller puts what it is about; gives where that is pointed
   at from. */
static size_t put_head(struct buffer *out, uint8_t kind, size_t body) {
    put(out, 0, 4);
    struct slot slots[4] = {{2, V5, 0}, {1, kind, 0}, {4, 0, 0}, {8, body, 0}};
    point(out, 0, put_table(out, slots, 4));
    return slots[2].at;
}

static void add_message(struct buffer *out, struct buffer *head) {
    buffer_pad(head, 8, 0);
    put(out, 0xffffffff, 4);
    put(out, head->len, 4);
    buffer_add(out, head->at, head->len);
    head->len = 0;
}

/* The buffers of a column, in the format's order. The bits of the present rows are left out where
   all are. */
static size_t parts(const struct arrow_column *column, struct buffer of[3]) {
    of[0] = column->present;
    of[0].len = column->missing ? of[0].len : 0;
    of[1] = column->values;
    of[2] = column->texts;
    return column->type == ARROW_UTF8 ? 3 : 2;
}

void arrow_write(const struct arrow_column *columns, size_t count, struct buffer *out) {
    size_t rows = count ? columns[0].rows : 0, body = 0, buffers = 0;
    struct buffer of[3];
    for (size_t at = 0; at < count; at++) {
        REQUIRE(columns[at].rows == rows);
        size_t n = parts(&columns[at], of);
        for (size_t part = 0; part < n; part++, buffers++) {
            body += (of[part].len + 7) & ~(size_t)7;
        }
    }
    size_t begin = out->len; /* offsets count from the stream's own first byte */
    REQUIRE(begin % 8 == 0);
    struct buffer head = {0};
    size_t from = put_head(&head, SCHEMA, 0);
    struct slot schema[2] = {{2, 0, 0}, {4, 0, 0}}; /* little end first, fields */
    point(&head, from, put_table(&head, schema, 2));
    put_list(&head, schema[1].at, count, 4);
    size_t fields = head.len;
    memset(buffer_extend(&head, 4 * count), 0, 4 * count);
    for (size_t at = 0; at < count; at++) {
        put_field(&head, &columns[at], fields + 4 * at);
    }
    add_message(out, &head);

    from = put_head(&head, BATCH, body);
    struct slot batch[3] = {{8, rows, 0}, {4, 0, 0}, {4, 0, 0}}; /* rows, columns, buffers */
    point(&head, from, put_table(&head, batch, 3));
    put_list(&head, batch[1].at, count, 8);
    for (size_t at = 0; at < count; at++) {
        put(&head, rows, 8);
        put(&head, columns[at].missing, 8);
    }
    put_list(&head, batch[2].at, buffers, 8);
    size_t start = 0;
    for (size_t at = 0; at < count; at++) {
        size_t n = parts(&columns[at], of);
        for (size_t part = 0; part < n; part++) {
            put(&head, start, 8);
            put(&head, of[part].len, 8);
            start += (of[part].len + 7) & ~(size_t)7;
        }
    }
    add_message(out, &head);
    for (size_t at = 0; at < count; at++) {
        size_t n = parts(&columns[at], of);
        for (size_t part = 0; part < n; part++) {
            buffer_add(out, of[part].at, of[part].len);
            buffer_pad(out, 8, 0);
        }
    }
    put(out, 0xffffffff, 8); /* no further message */
    free(head.at);
}
