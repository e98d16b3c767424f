/* Arrow IPC streams, uncompressed: what crosses the border of a plugin.

   The part of the format that the contract allows
   (https://arrow.apache.org/docs/format/Columnar.html): flat columns of seven types, no
   dictionaries, no compression, no metadata. */
#ifndef AUTODS_ARROW_H
#define AUTODS_ARROW_H

#include "autods/memory.h"

enum arrow_type {
    ARROW_BOOLEAN,
    ARROW_INT64,
    ARROW_FLOAT32,
    ARROW_FLOAT64,
    ARROW_UTF8,
    ARROW_DATE32,   /* days since 1970-01-01 */
    ARROW_TIMESTAMP /* microseconds since 1970-01-01T00:00 */
};

/* A column. Its buffers are laid out as Arrow has them; what they hold is read and written by the
   functions below. */
struct arrow_column {
    text name; /* of somebody else, who keeps it as long as the column is used */
    enum arrow_type type;
    size_t rows;
    size_t missing;        /* rows without a value */
    struct buffer present; /* bit i % 8 of byte i / 8: whether row i has a value */
    struct buffer values;  /* of texts: where each begins, and where the last one ends */
    struct buffer texts;
};

struct arrow_column arrow_column(text name, enum arrow_type type);

/* Takes the rows out and keeps the memory. */
void arrow_clear(struct arrow_column *column);

/* One more row. The type must be that of the function: `arrow_integer` is for integers, dates and
   timestamps, `arrow_number` for both floats. A text of UTF-8 is the caller's to see to. */
void arrow_missing(struct arrow_column *column);
void arrow_boolean(struct arrow_column *column, bool value);
void arrow_integer(struct arrow_column *column, int64_t value);
void arrow_number(struct arrow_column *column, double value);
void arrow_text(struct arrow_column *column, text value);

/* Whether a row has a value, and which; zero or an empty text where it has none. */
bool arrow_has(const struct arrow_column *column, size_t row);
bool arrow_boolean_at(const struct arrow_column *column, size_t row);
int64_t arrow_integer_at(const struct arrow_column *column, size_t row);
double arrow_number_at(const struct arrow_column *column, size_t row);
text arrow_text_at(const struct arrow_column *column, size_t row);

/* Bytes of a value in `values`; 0 for booleans, of which a byte holds eight. */
size_t arrow_width(enum arrow_type type);

/* One stream with one batch, behind what `out` holds. Columns are of the same length. */
void arrow_write(const struct arrow_column *columns, size_t count, struct buffer *out);

/* The columns of a stream, its batches one behind the other; false where the bytes are not a stream
   of this part of the format. Names are those in the stream's own bytes. */
bool arrow_read(const uint8_t *stream, size_t len, struct arrow_column **columns, size_t *count);

#endif
