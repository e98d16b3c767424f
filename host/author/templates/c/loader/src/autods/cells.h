/* Texts read as the kinds of a data dictionary. Each gives false for a text that is not of its kind;
   nothing is trimmed. The same rules as in the Rust SDK. */
#ifndef AUTODS_CELLS_H
#define AUTODS_CELLS_H

#include "autods/memory.h"

/* `true`/`false`, `yes`/`no`, `1`/`0`, in any case. */
bool cell_boolean(text of, bool *value);

/* A whole number of 64 bits. */
bool cell_integer(text of, int64_t *value);

/* A finite number with a point as its decimal mark; the nearest double, ties to even. */
bool cell_number(text of, double *value);

/* Days since 1970-01-01 of `YYYY-MM-DD`, years 0001 to 9999. */
bool cell_date(text of, int64_t *days);

/* Microseconds since 1970-01-01T00:00 of `YYYY-MM-DD[T| ]hh:mm[:ss[.ffffff]][Z|±hh[:]mm]`. A time
   with an offset is brought to UTC, one without is taken as it stands; a date alone is its midnight;
   digits past the microsecond are cut off. */
bool cell_datetime(text of, int64_t *micros);

/* Whether the bytes are UTF-8. */
bool cell_utf8(text of);

#endif
