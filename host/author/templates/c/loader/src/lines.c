#include "lines.h"

#include <string.h>

/* Bytes that are read at a time, and of a line at most: memory does not grow with the file. */
enum { CHUNK = 1 << 20, LONGEST = 1 << 20 };

struct lines lines(uint32_t source, uint64_t start, uint64_t end, uint64_t number) {
    return (struct lines){
        .source = source, .at = start, .end = end, .offset = start, .number = number};
}

static bool fill(struct lines *lines, types_fault_t *err) {
    uint64_t left = lines->end - lines->at;
    plugin_list_u8_t chunk;
    sources_read_error_t why;
    if (!sources_read_at(lines->source, lines->at, left < CHUNK ? (uint32_t)left : CHUNK, &chunk,
                         &why) ||
        chunk.len == 0) {
        return fault(err, TYPES_FAULT_CODE_HOST_REFUSED);
    }
    buffer_add(&lines->bytes, chunk.ptr, chunk.len);
    lines->at += chunk.len;
    plugin_list_u8_free(&chunk);
    return true;
}

bool lines_next(struct lines *lines, struct line *line, bool *found, types_fault_t *err) {
    struct buffer *bytes = &lines->bytes;
    size_t searched = lines->next, end, behind;
    *found = true;
    for (;;) {
        uint8_t *feed = searched < bytes->len
                            ? memchr(bytes->at + searched, '\n', bytes->len - searched)
                            : NULL;
        if (feed) {
            end = (size_t)(feed - bytes->at);
            behind = end + 1;
            break;
        }
        size_t rest = bytes->len - lines->next;
        if (rest > LONGEST) {
            fault(err, TYPES_FAULT_CODE_MALFORMED);
            return fault_at_line(err, lines->source, lines->number);
        }
        if (rest && lines->next) {
            memmove(bytes->at, bytes->at + lines->next, rest);
        }
        bytes->len = searched = rest;
        lines->next = 0;
        if (lines->at >= lines->end) {
            if (rest == 0) {
                *found = false;
                return true;
            }
            end = behind = rest; /* the last line may have no end */
            break;
        }
        if (!fill(lines, err)) {
            return false;
        }
    }
    size_t len = end - lines->next;
    lines->offset += behind - lines->next;
    *line = (struct line){{bytes->at + lines->next, len}, lines->number++, lines->offset};
    if (len && line->text.ptr[len - 1] == '\r') {
        line->text.len--;
    }
    lines->next = behind;
    return true;
}
