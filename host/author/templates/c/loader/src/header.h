/* The first line of a file: `#keys id age sex`. */
#ifndef HEADER_H
#define HEADER_H

#include "autods/contract.h"

/* A key of a file, and where the dictionary wants it. */
struct key {
    text name;
    bool declared;
    size_t column; /* in the dictionary, if it is declared */
};

struct header {
    struct key *keys;
    size_t count;
    uint32_t undeclared; /* keys that the dictionary does not declare */
    uint64_t end;        /* first byte behind the line */
};

/* Reads the header of a source of that size. */
bool header_read(struct header *header, uint32_t source, uint64_t size,
                 const exports_ingest_table_spec_t *table, types_fault_t *err);

/* The key of that name, or NULL. */
const struct key *header_key(const struct header *header, text name);

#endif
