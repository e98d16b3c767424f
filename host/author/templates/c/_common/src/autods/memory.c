#include "autods/memory.h"

#include <stdlib.h>
#include <string.h>

text text_of(const char *literal) { return (text){(uint8_t *)(uintptr_t)literal, strlen(literal)}; }

bool text_is(text a, text b) { return a.len == b.len && (!a.len || !memcmp(a.ptr, b.ptr, a.len)); }

static bool is_space(uint8_t byte) { return byte == ' ' || (byte >= '\t' && byte <= '\r'); }

text text_trimmed(text of) {
    while (of.len && is_space(of.ptr[of.len - 1])) {
        of.len--;
    }
    while (of.len && is_space(*of.ptr)) {
        of.ptr++, of.len--;
    }
    return of;
}

void *obtain(size_t size) {
    void *block = malloc(size);
    REQUIRE(block != NULL && "memory");
    return block;
}

void *buffer_extend(struct buffer *buffer, size_t more) {
    REQUIRE(more <= SIZE_MAX / 2 - buffer->len);
    size_t len = buffer->len + more;
    if (len > buffer->room || !buffer->at) {
        size_t room = len > 2 * buffer->room ? len : 2 * buffer->room;
        room = room < 64 ? 64 : room;
        uint8_t *larger = realloc(buffer->at, room);
        REQUIRE(larger != NULL && "memory");
        buffer->at = larger;
        buffer->room = room;
    }
    void *first = buffer->at + buffer->len;
    buffer->len = len;
    return first;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t len) {
    if (len) {
        memcpy(buffer_extend(buffer, len), bytes, len);
    }
}

void buffer_pad(struct buffer *buffer, size_t width, size_t rest) {
    while (buffer->len % width != rest) {
        *(uint8_t *)buffer_extend(buffer, 1) = 0;
    }
}

_Noreturn void give_up(const char *file, int line, const char *what) {
    struct buffer said = {0};
    char digits[12];
    size_t first = sizeof digits;
    for (int rest = line; rest > 0 && first > 0; rest /= 10) {
        digits[--first] = (char)('0' + rest % 10);
    }
    /* out of memory there is no room to say so */
    uint8_t small[256];
    said.at = small;
    said.room = sizeof small;
    const char *parts[] = {"gave up at ", file, ":", NULL, ": ", what};
    for (size_t part = 0; part < sizeof parts / sizeof *parts; part++) {
        const char *from = parts[part] ? parts[part] : digits + first;
        size_t len = parts[part] ? strlen(from) : sizeof digits - first;
        len = len < said.room - said.len ? len : said.room - said.len;
        memcpy(said.at + said.len, from, len);
        said.len += len;
    }
    text message = {said.at, said.len};
    log_write(LOG_LEVEL_WARN, &message);
    abort();
}
