/* Lines of a range of a source, a chunk of bytes at a time. */
#ifndef LINES_H
#define LINES_H

#include "autods/contract.h"

/* Reads line after line. */
struct lines {
    uint32_t source;
    uint64_t at;     /* next byte of the source to read */
    uint64_t end;    /* one past the last */
    uint64_t offset; /* where the next line begins in the source */
    uint64_t number; /* and its number */
    struct buffer bytes;
    size_t next; /* where it begins in `bytes` */
};

/* A line without its end. */
struct line {
    text text;       /* until the next line is read */
    uint64_t number; /* in the file, from 1 */
    uint64_t end;    /* first byte behind it in the file, its `\n` included */
};

/* The lines of the bytes `start .. end`; the first one has the number `number`. */
struct lines lines(uint32_t source, uint64_t start, uint64_t end, uint64_t number);

/* The next line; `*found` is false at the end. */
bool lines_next(struct lines *lines, struct line *line, bool *found, types_fault_t *err);

#endif
