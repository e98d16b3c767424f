/* What a compiler and the bindings expect of a libc, for a module that imports nothing but its
   world. Compiled for WebAssembly only: native tests use the libc of the machine. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wasm_simd128.h>

/* ------------------------------------------------------------------------------------- memory */

/* What stands before every block. 16 bytes, so that blocks are aligned for any type. */
struct block {
    uint32_t mark;
    uint32_t class;
    struct block *next; /* of a free one: the next free one of its class */
    uint32_t unused;
};

enum { PAGE = 65536, CLASSES = 32 * 4, HELD = 0x6c656821, FREE = 0x65657266 };

/* Where the linker ends stack and data. */
extern unsigned char __heap_base;

static struct block *freed[CLASSES];
static uintptr_t top;

/* The least of the sizes 5, 6, 7, 8 times a power of two that is not below `*size`: at most a fifth
   is wasted, and what was freed fits again. Makes `*size` that size. */
static uint32_t class_of(uint32_t *size) {
    uint32_t shift = 29 - (uint32_t)__builtin_clz(*size - 1);
    uint32_t step = ((*size - 1) >> shift) + 1;
    *size = step << shift;
    return shift * 4 + step - 5;
}

void *malloc(size_t asked) {
    if (asked > 1u << 30) {
        return NULL;
    }
    uint32_t size = ((uint32_t)asked + (uint32_t)sizeof(struct block) + 31) & ~15u;
    uint32_t class = class_of(&size);
    struct block *block = freed[class];
    if (block) {
        freed[class] = block->next;
    } else {
        if (top == 0) {
            top = ((uintptr_t)&__heap_base + 15) & ~(uintptr_t)15;
        }
        uint64_t end = (uint64_t)top + size;
        uint64_t has = (uint64_t)__builtin_wasm_memory_size(0) * PAGE;
        if (end > has) {
            size_t pages = (size_t)((end - has + PAGE - 1) / PAGE);
            if (__builtin_wasm_memory_grow(0, pages) == (size_t)-1) {
                return NULL;
            }
        }
        block = (struct block *)top;
        block->class = class;
        top = (uintptr_t)end;
    }
    block->mark = HELD;
    return block + 1;
}

void free(void *bytes) {
    if (!bytes) {
        return;
    }
    struct block *block = (struct block *)bytes - 1;
    if (block->mark != HELD) {
        abort();
    }
    block->mark = FREE;
    block->next = freed[block->class];
    freed[block->class] = block;
}

void *calloc(size_t count, size_t size) {
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return NULL;
    }
    void *block = malloc(bytes);
    return block ? memset(block, 0, bytes) : NULL;
}

void *realloc(void *bytes, size_t size) {
    if (!bytes) {
        return malloc(size);
    }
    uint32_t class = ((struct block *)bytes - 1)->class;
    size_t room = (size_t)(class % 4 + 5) << (class / 4);
    room -= sizeof(struct block);
    if (size <= room) {
        return bytes;
    }
    void *larger = malloc(size);
    if (larger) {
        memcpy(larger, bytes, room);
        free(bytes);
    }
    return larger;
}

_Noreturn void abort(void) { __builtin_trap(); }

/* -------------------------------------------------------------------------------------- bytes */

/* With bulk memory these are an instruction each. */
void *memcpy(void *restrict to, const void *restrict from, size_t len) {
    return __builtin_memcpy(to, from, len);
}

void *memmove(void *to, const void *from, size_t len) { return __builtin_memmove(to, from, len); }

void *memset(void *to, int byte, size_t len) { return __builtin_memset(to, byte, len); }

int memcmp(const void *a, const void *b, size_t len) {
    const unsigned char *left = a, *right = b;
    for (size_t at = 0; at < len; at++) {
        if (left[at] != right[at]) {
            return left[at] - right[at];
        }
    }
    return 0;
}

void *memchr(const void *in, int byte, size_t len) {
    const unsigned char *bytes = in;
    size_t at = 0;
    v128_t wanted = wasm_i8x16_splat((int8_t)byte);
    for (; len - at >= 16; at += 16) {
        uint32_t hits = wasm_i8x16_bitmask(wasm_i8x16_eq(wasm_v128_load(bytes + at), wanted));
        if (hits) {
            return (void *)(bytes + at + __builtin_ctz(hits));
        }
    }
    for (; at < len; at++) {
        if (bytes[at] == (unsigned char)byte) {
            return (void *)(bytes + at);
        }
    }
    return NULL;
}

size_t strlen(const char *text) {
    size_t len = 0;
    while (text[len]) {
        len++;
    }
    return len;
}

int strcmp(const char *a, const char *b) {
    while (*a && *a == *b) {
        a++, b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

/* ---------------------------------------------------------------------------------- arithmetic */

/* The product of two numbers of 128 bits, which clang asks for where it checks one of 64 for
   overflow. */
__int128 __multi3(__int128 a, __int128 b) {
    uint64_t x = (uint64_t)a, y = (uint64_t)b, mask = 0xffffffff;
    uint64_t low = (x & mask) * (y & mask);
    uint64_t one = (x >> 32) * (y & mask) + (low >> 32);
    uint64_t other = (x & mask) * (y >> 32) + (one & mask);
    uint64_t high = (x >> 32) * (y >> 32) + (one >> 32) + (other >> 32);
    high += (uint64_t)(a >> 64) * y + x * (uint64_t)(b >> 64);
    return (__int128)((unsigned __int128)high << 64 | (other << 32 | (low & mask)));
}

/* ------------------------------------------------------------------------------------ sorting */

static void swap(unsigned char *a, unsigned char *b, size_t size) {
    for (size_t at = 0; at < size; at++) {
        unsigned char byte = a[at];
        a[at] = b[at];
        b[at] = byte;
    }
}

/* Heapsort. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    unsigned char *items = base;
    for (size_t from = count / 2, end = count; end > 1;) {
        if (from > 0) {
            from--;
        } else {
            end--;
            swap(items, items + end * size, size);
        }
        for (size_t parent = from, child; (child = 2 * parent + 1) < end; parent = child) {
            if (child + 1 < end && compare(items + child * size, items + (child + 1) * size) < 0) {
                child++;
            }
            if (compare(items + parent * size, items + child * size) >= 0) {
                break;
            }
            swap(items + parent * size, items + child * size, size);
        }
    }
}
