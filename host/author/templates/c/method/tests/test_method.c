/* The method without a host. */

#include <math.h>

#include "autods/arrow.h"
#include "check.h"

/* A table with one column of numbers; NAN is a missing value. */
static exports_fitting_table_data_t rows(const char *name, const double *values, size_t count) {
    struct arrow_column column = arrow_column(text_of(name), ARROW_FLOAT64);
    for (size_t at = 0; at < count; at++) {
        isnan(values[at]) ? arrow_missing(&column) : arrow_number(&column, values[at]);
    }
    struct buffer stream = {0};
    arrow_write(&column, 1, &stream);
    return (exports_fitting_table_data_t){text_of("rows"), {stream.at, stream.len}};
}

/* Fits one column with one step; the code of the fault, or -1. */
static int fit(exports_fitting_table_data_t table, const char *column, const char *name,
               bool robust, exports_fitting_fitted_t *fitted) {
    types_param_t param = {text_of("robust"), {.tag = TYPES_SCALAR_FLAG}};
    param.value.val.flag = robust;
    exports_fitting_step_t step = {text_of(name), {&param, 1}};
    exports_fitting_column_use_t use = {text_of(column), {&step, 1}};
    exports_fitting_recipe_t recipe = {.columns = {&use, 1}};
    exports_fitting_list_table_data_t tables = {&table, 1};
    types_fault_t err;
    return exports_fitting_fit(&tables, &recipe, 1, fitted, &err) ? -1 : err.code;
}

static int apply(plugin_list_u8_t state, exports_fitting_table_data_t table,
                 struct arrow_column *column) {
    exports_fitting_list_table_data_t tables = {&table, 1}, made;
    struct arrow_column *columns;
    size_t count;
    types_fault_t err;
    if (!exports_fitting_apply(&state, &tables, &made, &err)) {
        return err.code;
    }
    CHECK(made.len == 1 && text_is(made.ptr->name, text_of("rows")));
    CHECK(arrow_read(made.ptr->stream.ptr, made.ptr->stream.len, &columns, &count) && count == 1);
    *column = columns[0];
    return -1;
}

static void what_was_learnt_from_training_rows_is_applied_to_others(void) {
    const double train[] = {2, 4, 4, 4, NAN, 5, 5, 7, 9}, others[] = {5, NAN, 7};
    exports_fitting_fitted_t fitted;
    struct arrow_column column;
    CHECK(fit(rows("age", train, 9), "age", "centre-scale", false, &fitted) == -1);
    CHECK(apply(fitted.state, rows("age", others, 3), &column) == -1);
    CHECK(text_is(column.name, text_of("age")) && column.type == ARROW_FLOAT32);
    CHECK(column.rows == 3 && column.missing == 1 && !arrow_has(&column, 1));
    CHECK(arrow_number_at(&column, 0) == 0);
    CHECK(fabs(arrow_number_at(&column, 2) - 2 / sqrt(32.0 / 7)) < 1e-6);
}

static void the_order_of_rows_changes_no_bit(void) {
    double there[50], back[50];
    for (int at = 0; at < 50; at++) {
        there[at] = back[49 - at] = 0.1 * at * at;
    }
    for (int robust = 0; robust < 2; robust++) {
        exports_fitting_fitted_t one, other;
        CHECK(fit(rows("x", there, 50), "x", "centre-scale", robust, &one) == -1);
        CHECK(fit(rows("x", back, 50), "x", "centre-scale", robust, &other) == -1);
        CHECK(one.state.len == other.state.len);
        CHECK(!memcmp(one.state.ptr, other.state.ptr, one.state.len));
    }
}

static void what_cannot_be_done_is_a_fault(void) {
    const double values[] = {1, 2};
    exports_fitting_fitted_t fitted;
    CHECK(fit(rows("x", values, 1), "x", "centre-scale", false, &fitted) ==
          TYPES_FAULT_CODE_INSUFFICIENT_DATA);
    CHECK(fit(rows("x", values, 2), "y", "centre-scale", false, &fitted) ==
          TYPES_FAULT_CODE_MISSING_INPUT);
    CHECK(fit(rows("x", values, 2), "x", "fold", false, &fitted) ==
          TYPES_FAULT_CODE_UNKNOWN_PARAMETER);
}

static void a_state_of_somebody_else_is_refused(void) {
    const double values[] = {1, 2, 3};
    exports_fitting_fitted_t fitted;
    struct arrow_column column;
    CHECK(fit(rows("x", values, 3), "x", "centre-scale", false, &fitted) == -1);
    for (size_t len = 0; len < fitted.state.len; len++) {
        if (len == sizeof "{{id}} state 1") {
            continue; /* a state of no column */
        }
        uint8_t *some = memcpy(malloc(len + !len), fitted.state.ptr, len);
        int code = apply((plugin_list_u8_t){some, len}, rows("x", values, 3), &column);
        CHECK(code == TYPES_FAULT_CODE_INVALID_STATE);
        free(some);
    }
    uint8_t other[] = "another state 1";
    plugin_list_u8_t state = {other, sizeof other};
    CHECK(apply(state, rows("x", values, 3), &column) == TYPES_FAULT_CODE_INVALID_STATE);
}

int main(void) {
    what_was_learnt_from_training_rows_is_applied_to_others();
    the_order_of_rows_changes_no_bit();
    what_cannot_be_done_is_a_fault();
    a_state_of_somebody_else_is_refused();
    return failures != 0;
}
