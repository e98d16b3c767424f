#include "header.h"

#include <string.h>

#include "autods/cells.h"
#include "lines.h"

const struct key *header_key(const struct header *header, text name) {
    for (size_t at = 0; at < header->count; at++) {
        if (text_is(header->keys[at].name, name)) {
            return &header->keys[at];
        }
    }
    return NULL;
}

/* The next word of a text, which is cut off it. */
static text word(text *rest) {
    *rest = text_trimmed(*rest);
    text found = {rest->ptr, 0};
    while (found.len < rest->len && found.ptr[found.len] != ' ' && found.ptr[found.len] != '\t') {
        found.len++;
    }
    rest->ptr += found.len, rest->len -= found.len;
    return found;
}

static bool parse(struct header *header, text line, const exports_ingest_table_spec_t *table,
                  types_fault_t *err) {
    const size_t mark = strlen("#keys ");
    if (!cell_utf8(line)) {
        return fault(err, TYPES_FAULT_CODE_INVALID_UTF8);
    }
    if (line.len < mark || memcmp(line.ptr, "#keys ", mark) != 0) {
        return fault(err, TYPES_FAULT_CODE_MALFORMED);
    }
    /* names are kept, the line is not */
    text rest = {obtain(line.len), line.len - mark};
    memcpy(rest.ptr, line.ptr + mark, rest.len);
    header->keys = obtain(line.len * sizeof *header->keys);
    for (text name = word(&rest); name.len; name = word(&rest)) {
        struct key key = {.name = name};
        for (size_t at = 0; at < table->columns.len && !key.declared; at++) {
            key.declared = text_is(table->columns.ptr[at].name, name);
            key.column = at;
        }
        if (header_key(header, name)) {
            /* a fault is codes and numbers: the column's index, never its text */
            return key.declared
                       ? fault_in_column(err, TYPES_FAULT_CODE_DUPLICATE_COLUMN, key.column)
                       : fault(err, TYPES_FAULT_CODE_DUPLICATE_COLUMN);
        }
        header->keys[header->count++] = key;
        header->undeclared += !key.declared;
    }
    for (size_t at = 0; at < table->columns.len; at++) {
        if (!header_key(header, table->columns.ptr[at].name)) {
            return fault_in_column(err, TYPES_FAULT_CODE_MISSING_COLUMN, at);
        }
    }
    return true;
}

bool header_read(struct header *header, uint32_t source, uint64_t size,
                 const exports_ingest_table_spec_t *table, types_fault_t *err) {
    struct lines all = lines(source, 0, size, 1);
    struct line line;
    bool found;
    if (!lines_next(&all, &line, &found, err)) {
        return false;
    }
    if (!found) {
        fault(err, TYPES_FAULT_CODE_EMPTY_INPUT);
        return fault_at_line(err, source, 1);
    }
    *header = (struct header){.end = line.end};
    return parse(header, line.text, table, err) || fault_at_line(err, source, 1);
}
