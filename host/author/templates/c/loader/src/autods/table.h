/* Rows of text into typed batches. */
#ifndef AUTODS_TABLE_H
#define AUTODS_TABLE_H

#include "autods/arrow.h"
#include "autods/contract.h"

/* Builds a table of the job row by row and emits it in batches. Every row gives every column of the
   dictionary exactly one `table_cell` or `table_missing`, and then a `table_end_row`. */
struct table_writer {
    exports_ingest_table_spec_t *table;
    struct arrow_column *columns;
    text **codes; /* of each column with codes: sorted; else NULL */
    size_t rows;
    size_t bytes;
    uint64_t emitted;
};

struct table_writer table_writer(exports_ingest_table_spec_t *table);

/* The value of a column in the present row. An empty text is a missing value, and so is every text
   that the dictionary lists as such; nothing is trimmed. */
bool table_cell(struct table_writer *writer, size_t column, text value, types_fault_t *err);

/* No value for a column in the present row. */
void table_missing(struct table_writer *writer, size_t column);

/* Ends the present row; emits a batch when enough rows are gathered. */
bool table_end_row(struct table_writer *writer, types_fault_t *err);

/* Emits what is left. `writer->emitted` is then the number of rows emitted. */
bool table_finish(struct table_writer *writer, types_fault_t *err);

#endif
