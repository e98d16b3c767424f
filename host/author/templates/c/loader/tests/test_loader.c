/* The loader without a host: `memory_host.c` stands in for it. */

#include "check.h"
#include "memory_host.h"

/* Plans, loads every shard; false and the fault where one of them fails. */
static bool load_all(size_t columns, const char *separator, const char *of, uint64_t shard_bytes,
                     types_fault_t *err) {
    exports_ingest_column_spec_t specs[2] = {
        {.name = text_of("id"), .kind = TYPES_VALUE_KIND_INTEGER},
        {.name = text_of("age"), .kind = TYPES_VALUE_KIND_INTEGER},
    };
    text unknown = text_of("?");
    exports_ingest_table_spec_t table = {text_of("readings"), {specs, columns}, {&unknown, 1}};
    types_param_t param = {text_of("separator"), {.tag = TYPES_SCALAR_TEXT}};
    param.value.val.text = text_of(separator);
    exports_ingest_job_t job = {{&table, 1}, {&param, 1}};
    exports_ingest_list_shard_t shards;
    exports_ingest_summary_t summary;
    host_file = text_of(of);
    host_rows[0] = arrow_column(specs[0].name, ARROW_INT64);
    host_rows[1] = arrow_column(specs[1].name, ARROW_INT64);
    if (!exports_ingest_plan(&job, shard_bytes, &shards, err)) {
        return false;
    }
    for (size_t at = 0; at < shards.len; at++) {
        if (!exports_ingest_load(&job, &shards.ptr[at], &summary, err)) {
            return false;
        }
    }
    return true;
}

static void a_key_that_is_not_there_is_a_missing_value(void) {
    const uint64_t sizes[] = {1, 10, 1 << 20};
    types_fault_t err;
    for (size_t at = 0; at < 3; at++) {
        CHECK(load_all(2, ";", "#keys id age\nid=1;age=63\r\nid=2\nage=?;id=3", sizes[at], &err));
        CHECK(host_rows[0].rows == 3 && host_rows[1].rows == 3 && host_rows[1].missing == 2);
        CHECK(arrow_integer_at(&host_rows[0], 2) == 3 && arrow_integer_at(&host_rows[1], 0) == 63);
    }
}

static void every_wrong_line_is_a_fault_that_names_it(void) {
    static const struct {
        const char *file;
        types_fault_code_t code;
        uint64_t line;
    } wrong[] = {
        {"", TYPES_FAULT_CODE_EMPTY_INPUT, 1},
        {"id=1\n", TYPES_FAULT_CODE_MALFORMED, 1},
        {"#keys age\n", TYPES_FAULT_CODE_MISSING_COLUMN, 1},
        {"#keys id id\n", TYPES_FAULT_CODE_DUPLICATE_COLUMN, 1},
        {"#keys id\nid=1\nid\n", TYPES_FAULT_CODE_MALFORMED, 3},
        {"#keys id\nid=1\nage=1\n", TYPES_FAULT_CODE_MALFORMED, 3},
        {"#keys id\nid=1;id=2\n", TYPES_FAULT_CODE_DUPLICATE_COLUMN, 2},
        {"#keys id\nid=one\n", TYPES_FAULT_CODE_INVALID_VALUE, 2},
        {"#keys id\nid=\xff\n", TYPES_FAULT_CODE_INVALID_UTF8, 2},
    };
    for (size_t at = 0; at < sizeof wrong / sizeof *wrong; at++) {
        types_fault_t err;
        CHECK(!load_all(1, ";", wrong[at].file, 1 << 20, &err));
        CHECK(err.code == wrong[at].code && err.line.is_some && err.line.val == wrong[at].line);
    }
}

static void a_separator_is_one_character(void) {
    types_fault_t err;
    CHECK(load_all(1, "|", "#keys id\nid=1\n", 100, &err));
    CHECK(load_all(2, "\xc2\xa7", "#keys id age\nid=1\xc2\xa7" "age=2\n", 100, &err));
    CHECK(!load_all(1, "", "#keys id\nid=1\n", 100, &err));
    CHECK(!load_all(1, "=", "#keys id\nid=1\n", 100, &err));
    CHECK(!load_all(1, "||", "#keys id\nid=1\n", 100, &err));
}

int main(void) {
    a_key_that_is_not_there_is_a_missing_value();
    every_wrong_line_is_a_fault_that_names_it();
    a_separator_is_one_character();
    return failures != 0;
}
