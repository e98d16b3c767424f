/* Reads *key=value records*: one record a line, its fields in any order.

       #keys id age sex weight
       id=1;age=63;sex=F;weight=71.5
       sex=M;id=2;age=48

   The first line of a file names its keys. A record need not have all of them: a key that is not
   there is a missing value. Lines that begin with `#` and blank lines are skipped.

   `plan` cuts files at the ends of lines; `load` reads one such shard. Both find lines by the same
   `lines_next`, so they cannot disagree on where one ends. */

#include <stdlib.h>
#include <string.h>

#include "autods/cells.h"
#include "autods/table.h"
#include "header.h"
#include "lines.h"

/* The only table of the job, and what stands between two fields. */
static bool asked(exports_ingest_job_t *job, exports_ingest_table_spec_t **table, text *separator,
                  types_fault_t *err) {
    const char *const names[] = {"separator"};
    *separator = text_of(";");
    if (!params_only(job->params.ptr, job->params.len, names, 1, err) ||
        !params_text(job->params.ptr, job->params.len, names[0], separator, err)) {
        return false;
    }
    /* one character, of one byte or more */
    size_t characters = 0;
    for (size_t at = 0; at < separator->len; at++) {
        characters += (separator->ptr[at] & 0xc0) != 0x80;
    }
    if (characters != 1 || text_is(*separator, text_of("="))) {
        return fault(err, TYPES_FAULT_CODE_PARAMETER_OUT_OF_RANGE);
    }
    if (job->tables.len != 1) {
        fault(err, TYPES_FAULT_CODE_MISSING_INPUT);
        err->expected = (plugin_option_u64_t){true, 1};
        err->found = (plugin_option_u64_t){true, job->tables.len};
        return false;
    }
    *table = job->tables.ptr;
    return true;
}

/* Cuts one source into shards, which are added to `shards`. */
static bool cut(uint32_t source, uint64_t size, const exports_ingest_table_spec_t *table,
                uint64_t shard_bytes, struct buffer *shards, types_fault_t *err) {
    struct header header;
    if (!header_read(&header, source, size, table, err)) {
        return false;
    }
    exports_ingest_shard_t shard = {source, header.end, 0, 2};
    struct lines all = lines(source, header.end, size, 2);
    struct line line;
    bool found;
    while (lines_next(&all, &line, &found, err)) {
        if (!found) {
            free(all.bytes.at);
            return true;
        }
        shard.end = line.end;
        if (line.end - shard.start >= (shard_bytes ? shard_bytes : 1) || line.end == size) {
            buffer_add(shards, &shard, sizeof shard);
            shard.start = line.end;
            shard.first_line = line.number + 1;
        }
    }
    return false;
}

bool exports_ingest_plan(exports_ingest_job_t *job, uint64_t shard_bytes,
                         exports_ingest_list_shard_t *ret, exports_ingest_fault_t *err) {
    exports_ingest_table_spec_t *table;
    text separator;
    if (!asked(job, &table, &separator, err)) { /* before any file is read */
        return false;
    }
    sources_list_source_info_t sources;
    sources_describe(&sources);
    struct buffer shards = {0};
    for (size_t at = 0; at < sources.len; at++) {
        if (!cut((uint32_t)at, sources.ptr[at].size, table, shard_bytes, &shards, err)) {
            return false;
        }
    }
    ret->ptr = (exports_ingest_shard_t *)(void *)shards.at;
    ret->len = shards.len / sizeof *ret->ptr;
    return true;
}

/* Where a text has another one; its length where it has not. */
static size_t position(text in, text of) {
    for (size_t at = 0; at + of.len <= in.len; at++) {
        if (!memcmp(in.ptr + at, of.ptr, of.len)) {
            return at;
        }
    }
    return in.len;
}

/* Writes one record as the next row: `id=1;age=63;sex=F`. `values` has room for every column. */
static bool record(text rest, text separator, const struct header *header, text *values,
                   struct table_writer *writer, types_fault_t *err) {
    size_t columns = writer->table->columns.len;
    memset(values, 0, columns * sizeof *values);
    for (bool more = true; more;) {
        size_t len = position(rest, separator);
        text field = {rest.ptr, len};
        more = len < rest.len;
        rest.ptr += more ? len + separator.len : len;
        rest.len -= more ? len + separator.len : len;
        size_t equals = position(field, text_of("="));
        const struct key *key = header_key(header, text_trimmed((text){field.ptr, equals}));
        if (equals == field.len || !key) {
            return fault(err, TYPES_FAULT_CODE_MALFORMED);
        }
        if (!key->declared) {
            continue;
        }
        if (values[key->column].ptr) {
            return fault_in_column(err, TYPES_FAULT_CODE_DUPLICATE_COLUMN, key->column);
        }
        values[key->column] =
            text_trimmed((text){field.ptr + equals + 1, field.len - equals - 1});
    }
    for (size_t at = 0; at < columns; at++) {
        /* the writer reads texts as the dictionary's kinds, and knows what means "missing" */
        if (!values[at].ptr) {
            table_missing(writer, at);
        } else if (!table_cell(writer, at, values[at], err)) {
            return false;
        }
    }
    return table_end_row(writer, err);
}

/* A quality metric, by a name that plugin.toml declares. */
static bool metric(const char *name, uint64_t value, types_fault_t *err) {
    text called = text_of(name);
    sink_sink_error_t why;
    return sink_metric(&called, NULL, (double)value, &why) ||
           fault(err, TYPES_FAULT_CODE_HOST_REFUSED);
}

bool exports_ingest_load(exports_ingest_job_t *job, exports_ingest_shard_t *shard,
                         exports_ingest_summary_t *ret, exports_ingest_fault_t *err) {
    exports_ingest_table_spec_t *table;
    text separator;
    if (!asked(job, &table, &separator, err)) {
        return false;
    }
    sources_list_source_info_t sources;
    sources_describe(&sources);
    if (shard->source >= sources.len) {
        return fault(err, TYPES_FAULT_CODE_MISSING_INPUT);
    }
    struct header header;
    if (!header_read(&header, shard->source, sources.ptr[shard->source].size, table, err)) {
        return false;
    }
    struct table_writer writer = table_writer(table);
    text *values = obtain(table->columns.len * sizeof *values);
    struct lines all = lines(shard->source, shard->start, shard->end, shard->first_line);
    struct line line;
    uint64_t records = 0, skipped = 0;
    for (bool found;;) {
        if (!lines_next(&all, &line, &found, err)) {
            return false;
        }
        if (!found) {
            break;
        }
        if (!cell_utf8(line.text)) {
            fault(err, TYPES_FAULT_CODE_INVALID_UTF8);
            return fault_at_line(err, shard->source, line.number);
        }
        if (!line.text.len || *line.text.ptr == '#') {
            skipped++;
            continue;
        }
        if (!record(line.text, separator, &header, values, &writer, err)) {
            return fault_at_line(err, shard->source, line.number);
        }
        records++;
    }
    if (!table_finish(&writer, err) || !metric("records", records, err) ||
        !metric("skipped-lines", skipped, err)) {
        return false;
    }
    *ret = (exports_ingest_summary_t){records, writer.emitted, header.undeclared};
    return true;
}
