#include "autods/arrow.h"

#include <string.h>

struct arrow_column arrow_column(text name, enum arrow_type type) {
    struct arrow_column column = {.name = name, .type = type};
    arrow_clear(&column);
    return column;
}

void arrow_clear(struct arrow_column *column) {
    column->rows = column->missing = 0;
    column->present.len = column->values.len = column->texts.len = 0;
    if (column->type == ARROW_UTF8) {
        int32_t start = 0;
        buffer_add(&column->values, &start, sizeof start);
    }
}

size_t arrow_width(enum arrow_type type) {
    switch (type) {
    case ARROW_BOOLEAN:
        return 0;
    case ARROW_FLOAT32:
    case ARROW_DATE32:
    case ARROW_UTF8:
        return 4;
    default:
        return 8;
    }
}

static void add_bit(struct buffer *bits, size_t at, bool bit) {
    if (at % 8 == 0) {
        *(uint8_t *)buffer_extend(bits, 1) = 0;
    }
    bits->at[at / 8] |= (uint8_t)(bit << (at % 8));
}

static void add(struct arrow_column *column, bool present, const void *value) {
    if (column->type == ARROW_BOOLEAN) {
        add_bit(&column->values, column->rows, *(const bool *)value);
    } else {
        buffer_add(&column->values, value, arrow_width(column->type));
    }
    add_bit(&column->present, column->rows, present);
    column->missing += !present;
    column->rows++;
}

void arrow_missing(struct arrow_column *column) {
    uint64_t nothing = 0;
    int32_t end = (int32_t)column->texts.len;
    add(column, false, column->type == ARROW_UTF8 ? (void *)&end : (void *)&nothing);
}

void arrow_boolean(struct arrow_column *column, bool value) {
    REQUIRE(column->type == ARROW_BOOLEAN);
    add(column, true, &value);
}

void arrow_integer(struct arrow_column *column, int64_t value) {
    if (column->type == ARROW_DATE32) {
        int32_t days = (int32_t)value;
        REQUIRE(days == value);
        add(column, true, &days);
        return;
    }
    REQUIRE(column->type == ARROW_INT64 || column->type == ARROW_TIMESTAMP);
    add(column, true, &value);
}

void arrow_number(struct arrow_column *column, double value) {
    if (column->type == ARROW_FLOAT32) {
        float narrow = (float)value;
        add(column, true, &narrow);
        return;
    }
    REQUIRE(column->type == ARROW_FLOAT64);
    add(column, true, &value);
}

void arrow_text(struct arrow_column *column, text value) {
    REQUIRE(column->type == ARROW_UTF8);
    REQUIRE(value.len <= INT32_MAX - column->texts.len);
    buffer_add(&column->texts, value.ptr, value.len);
    int32_t end = (int32_t)column->texts.len;
    add(column, true, &end);
}

bool arrow_has(const struct arrow_column *column, size_t row) {
    REQUIRE(row < column->rows);
    return column->present.at[row / 8] >> (row % 8) & 1;
}

bool arrow_boolean_at(const struct arrow_column *column, size_t row) {
    REQUIRE(row < column->rows && column->type == ARROW_BOOLEAN);
    return column->values.at[row / 8] >> (row % 8) & 1;
}

int64_t arrow_integer_at(const struct arrow_column *column, size_t row) {
    REQUIRE(row < column->rows);
    if (column->type == ARROW_DATE32) {
        int32_t days;
        memcpy(&days, column->values.at + 4 * row, sizeof days);
        return days;
    }
    REQUIRE(column->type == ARROW_INT64 || column->type == ARROW_TIMESTAMP);
    int64_t value;
    memcpy(&value, column->values.at + 8 * row, sizeof value);
    return value;
}

double arrow_number_at(const struct arrow_column *column, size_t row) {
    REQUIRE(row < column->rows);
    if (column->type == ARROW_FLOAT32) {
        float narrow;
        memcpy(&narrow, column->values.at + 4 * row, sizeof narrow);
        return narrow;
    }
    REQUIRE(column->type == ARROW_FLOAT64);
    double value;
    memcpy(&value, column->values.at + 8 * row, sizeof value);
    return value;
}

text arrow_text_at(const struct arrow_column *column, size_t row) {
    REQUIRE(row < column->rows && column->type == ARROW_UTF8);
    int32_t ends[2];
    memcpy(ends, column->values.at + 4 * row, sizeof ends);
    return (text){column->texts.at + ends[0], (size_t)(ends[1] - ends[0])};
}
