#include "autods/table.h"

#include <stdlib.h>
#include <string.h>

#include "autods/cells.h"

/* Rows, and bytes of text, that are gathered before they are emitted. */
enum { BATCH_ROWS = 8192, BATCH_BYTES = 16 << 20 };

static enum arrow_type stored(types_value_kind_t kind) {
    switch (kind) {
    case TYPES_VALUE_KIND_BOOLEAN:
        return ARROW_BOOLEAN;
    case TYPES_VALUE_KIND_INTEGER:
        return ARROW_INT64;
    case TYPES_VALUE_KIND_NUMBER:
        return ARROW_FLOAT64;
    case TYPES_VALUE_KIND_DATE:
        return ARROW_DATE32;
    case TYPES_VALUE_KIND_DATETIME:
        return ARROW_TIMESTAMP;
    default:
        return ARROW_UTF8;
    }
}

static int by_bytes(const void *a, const void *b) {
    const text *left = a, *right = b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = len ? memcmp(left->ptr, right->ptr, len) : 0;
    return order ? order : (left->len > right->len) - (left->len < right->len);
}

struct table_writer table_writer(exports_ingest_table_spec_t *table) {
    size_t count = table->columns.len;
    struct table_writer writer = {
        .table = table,
        .columns = obtain(count * sizeof *writer.columns),
        .codes = obtain(count * sizeof *writer.codes),
    };
    for (size_t at = 0; at < count; at++) {
        exports_ingest_column_spec_t *column = &table->columns.ptr[at];
        writer.columns[at] = arrow_column(column->name, stored(column->kind));
        writer.codes[at] = NULL;
        bool coded = column->kind == TYPES_VALUE_KIND_CATEGORY ||
                     column->kind == TYPES_VALUE_KIND_ORDINAL;
        if (coded && column->codings.len) {
            writer.codes[at] = obtain(column->codings.len * sizeof(text));
            for (size_t code = 0; code < column->codings.len; code++) {
                writer.codes[at][code] = column->codings.ptr[code].code;
            }
            qsort(writer.codes[at], column->codings.len, sizeof(text), by_bytes);
        }
    }
    return writer;
}

static bool lists(plugin_list_string_t *texts, text value) {
    for (size_t at = 0; at < texts->len; at++) {
        if (text_is(texts->ptr[at], value)) {
            return true;
        }
    }
    return false;
}

static bool has_code(const text *codes, size_t count, text value) {
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = by_bytes(&codes[middle], &value);
        if (order == 0) {
            return true;
        }
        order < 0 ? (low = middle + 1) : (high = middle);
    }
    return false;
}

bool table_cell(struct table_writer *writer, size_t at, text value, types_fault_t *err) {
    REQUIRE(at < writer->table->columns.len);
    exports_ingest_column_spec_t *spec = &writer->table->columns.ptr[at];
    struct arrow_column *column = &writer->columns[at];
    if (!value.len || lists(&spec->missing, value) || lists(&writer->table->missing, value)) {
        arrow_missing(column);
        return true;
    }
    if (writer->codes[at] && !has_code(writer->codes[at], spec->codings.len, value)) {
        return fault_in_column(err, TYPES_FAULT_CODE_UNKNOWN_CODE, at);
    }
    bool flag = false, good = true;
    int64_t whole = 0;
    double number = 0;
    switch (spec->kind) {
    case TYPES_VALUE_KIND_BOOLEAN:
        good = cell_boolean(value, &flag);
        break;
    case TYPES_VALUE_KIND_INTEGER:
        good = cell_integer(value, &whole);
        break;
    case TYPES_VALUE_KIND_NUMBER:
        good = cell_number(value, &number);
        break;
    case TYPES_VALUE_KIND_DATE:
        good = cell_date(value, &whole);
        break;
    case TYPES_VALUE_KIND_DATETIME:
        good = cell_datetime(value, &whole);
        break;
    }
    if (!good) {
        return fault_in_column(err, TYPES_FAULT_CODE_INVALID_VALUE, at);
    }
    switch (column->type) {
    case ARROW_BOOLEAN:
        arrow_boolean(column, flag);
        break;
    case ARROW_FLOAT64:
        arrow_number(column, number);
        break;
    case ARROW_UTF8:
        arrow_text(column, value);
        writer->bytes += value.len;
        break;
    default:
        arrow_integer(column, whole);
    }
    return true;
}

void table_missing(struct table_writer *writer, size_t column) {
    REQUIRE(column < writer->table->columns.len);
    arrow_missing(&writer->columns[column]);
}

static bool flush(struct table_writer *writer, types_fault_t *err) {
    if (writer->rows == 0) {
        return true;
    }
    struct buffer bytes = {0};
    arrow_write(writer->columns, writer->table->columns.len, &bytes);
    plugin_list_u8_t stream = {bytes.at, bytes.len};
    sink_sink_error_t why;
    bool taken = sink_emit(&writer->table->name, &stream, &why);
    free(bytes.at);
    if (!taken) {
        return fault(err, TYPES_FAULT_CODE_HOST_REFUSED);
    }
    writer->emitted += writer->rows;
    writer->rows = writer->bytes = 0;
    for (size_t at = 0; at < writer->table->columns.len; at++) {
        arrow_clear(&writer->columns[at]);
    }
    return true;
}

bool table_end_row(struct table_writer *writer, types_fault_t *err) {
    writer->rows++;
    return (writer->rows < BATCH_ROWS && writer->bytes < BATCH_BYTES) || flush(writer, err);
}

bool table_finish(struct table_writer *writer, types_fault_t *err) { return flush(writer, err); }
