#include "state.h"

#include <math.h>
#include <string.h>

/* Change it whenever the meaning of the bytes changes: a state of another version is refused. */
static const char FORMAT[] = "{{id}} state 1";

struct buffer state_new(void) {
    struct buffer state = {0};
    buffer_add(&state, FORMAT, sizeof FORMAT);
    return state;
}

/* The length of the name, the name, the bits of both numbers. */
void state_add(struct buffer *state, text column, struct spread spread) {
    uint32_t len = (uint32_t)column.len;
    buffer_add(state, &len, sizeof len);
    buffer_add(state, column.ptr, column.len);
    buffer_add(state, &spread.centre, sizeof spread.centre);
    buffer_add(state, &spread.scale, sizeof spread.scale);
}

static const uint8_t *cut(text *rest, size_t len) {
    const uint8_t *first = rest->ptr;
    if (len > rest->len) {
        return NULL;
    }
    rest->ptr += len, rest->len -= len;
    return first;
}

bool state_open(plugin_list_u8_t state, text *rest) {
    *rest = (text){state.ptr, state.len};
    const uint8_t *format = cut(rest, sizeof FORMAT);
    return format && !memcmp(format, FORMAT, sizeof FORMAT);
}

bool state_take(text *rest, text *column, struct spread *spread) {
    uint32_t len;
    const uint8_t *from = cut(rest, sizeof len);
    if (!from) {
        return false;
    }
    memcpy(&len, from, sizeof len);
    const uint8_t *name = cut(rest, len);
    const uint8_t *centre = name ? cut(rest, 8) : NULL;
    const uint8_t *scale = centre ? cut(rest, 8) : NULL;
    if (!scale) {
        return false;
    }
    *column = (text){(uint8_t *)(uintptr_t)name, len};
    memcpy(&spread->centre, centre, 8);
    memcpy(&spread->scale, scale, 8);
    return isfinite(spread->centre) && isfinite(spread->scale) && spread->scale > 0;
}
