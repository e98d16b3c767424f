/* The part of <stdlib.h> that there is without a libc. */
#ifndef LIBC_STDLIB_H
#define LIBC_STDLIB_H

#include <stddef.h>

/* NULL where the memory that the host allows (limits.memory-mib) is used up. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *block, size_t size);
/* What malloc did not give, or was freed already, is a trap. */
void free(void *block);

/* A trap. REQUIRE of src/autods/memory.h also says why. */
_Noreturn void abort(void);

/* Not stable; n log n always, and no memory besides. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *));

#endif
