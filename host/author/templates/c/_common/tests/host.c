/* Stands in for the host, and for what the bindings define: those are compiled for WebAssembly only.
   Linked to every test, as is every file here whose name does not begin with `test_`. */

#include <stdio.h>
#include <string.h>

#include "autods/memory.h"

bool log_write(log_level_t level, text *message) {
    fprintf(stderr, "log %d: %.*s\n", level, (int)message->len, (const char *)message->ptr);
    return true;
}

void plugin_string_dup(text *copy, const char *of) {
    copy->len = strlen(of);
    copy->ptr = memcpy(obtain(copy->len), of, copy->len);
}
