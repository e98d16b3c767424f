#include "memory_host.h"

#include <stdlib.h>
#include <string.h>

text host_file;
struct arrow_column host_rows[2];

void sources_describe(sources_list_source_info_t *ret) {
    ret->ptr = calloc(1, sizeof *ret->ptr);
    ret->len = 1;
    ret->ptr->size = host_file.len;
}

bool sources_read_at(uint32_t source, uint64_t offset, uint32_t length, plugin_list_u8_t *ret,
                     sources_read_error_t *err) {
    if (source != 0 || offset > host_file.len || length > host_file.len - offset) {
        *err = SOURCES_READ_ERROR_OUT_OF_RANGE;
        return false;
    }
    ret->ptr = obtain(length);
    ret->len = length;
    memcpy(ret->ptr, host_file.ptr + offset, length);
    return true;
}

bool sink_emit(text *table, plugin_list_u8_t *stream, sink_sink_error_t *err) {
    struct arrow_column *columns;
    size_t count;
    *err = SINK_SINK_ERROR_MALFORMED_BATCH;
    if (!text_is(*table, text_of("readings")) ||
        !arrow_read(stream->ptr, stream->len, &columns, &count) || count > 2) {
        return false;
    }
    for (size_t at = 0; at < count; at++) {
        for (size_t row = 0; row < columns[at].rows; row++) {
            if (arrow_has(&columns[at], row)) {
                arrow_integer(&host_rows[at], arrow_integer_at(&columns[at], row));
            } else {
                arrow_missing(&host_rows[at]);
            }
        }
    }
    return true;
}

bool sink_metric(text *name, uint32_t *column, double value, sink_sink_error_t *err) {
    *err = SINK_SINK_ERROR_INVALID_METRIC;
    return name->len && !column && value >= 0;
}

void plugin_list_u8_free(plugin_list_u8_t *bytes) { free(bytes->ptr); }
