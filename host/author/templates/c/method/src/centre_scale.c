/* Centres and scales columns of numbers.

   `fit` learns the centre and the scale of every column from the training rows of one fold; `apply`
   takes the one off and divides by the other. What `apply` sees of other rows never changes what was
   learnt: that is all there is to "no leakage".

   With `robust` the centre is the median and the scale the interquartile range (Hyndman and Fan,
   "Sample quantiles in statistical packages", 1996, definition 7); without, mean and standard
   deviation (n - 1). */

#include <stdlib.h>

#include "autods/arrow.h"
#include "autods/contract.h"
#include "spread.h"
#include "state.h"

static const char ROWS[] = "rows";

/* The columns of the main table. */
struct table {
    struct arrow_column *columns;
    size_t count;
};

static bool read(exports_fitting_list_table_data_t *tables, struct table *table,
                 types_fault_t *err) {
    for (size_t at = 0; at < tables->len; at++) {
        plugin_list_u8_t stream = tables->ptr[at].stream;
        if (text_is(tables->ptr[at].name, text_of(ROWS))) {
            return arrow_read(stream.ptr, stream.len, &table->columns, &table->count) ||
                   fault(err, TYPES_FAULT_CODE_MALFORMED);
        }
    }
    return fault(err, TYPES_FAULT_CODE_MISSING_INPUT);
}

/* A column of numbers, whole or not. */
static bool numbers(const struct table *table, text name, size_t at,
                    const struct arrow_column **found, types_fault_t *err) {
    for (size_t other = 0; other < table->count; other++) {
        const struct arrow_column *column = &table->columns[other];
        if (text_is(column->name, name) &&
            (column->type == ARROW_INT64 || column->type == ARROW_FLOAT64)) {
            *found = column;
            return true;
        }
    }
    return fault_in_column(err, TYPES_FAULT_CODE_MISSING_INPUT, at);
}

static double number(const struct arrow_column *column, size_t row) {
    return column->type == ARROW_INT64 ? (double)arrow_integer_at(column, row)
                                       : arrow_number_at(column, row);
}

/* What a column of the recipe asks for. */
static bool asked(const exports_fitting_column_use_t *used, size_t at, bool *robust,
                  types_fault_t *err) {
    const char *const names[] = {"robust"};
    *robust = false;
    for (size_t step = 0; step < used->steps.len; step++) {
        const exports_fitting_step_t *of = &used->steps.ptr[step];
        if (!text_is(of->name, text_of("centre-scale")) ||
            !params_only(of->params.ptr, of->params.len, names, 1, err) ||
            !params_flag(of->params.ptr, of->params.len, names[0], robust, err)) {
            return fault_in_column(err, TYPES_FAULT_CODE_UNKNOWN_PARAMETER, at);
        }
    }
    return true;
}

/* The seed is not used: nothing here is random. */
bool exports_fitting_fit(exports_fitting_list_table_data_t *tables,
                         exports_fitting_recipe_t *recipe, uint64_t seed,
                         exports_fitting_fitted_t *ret, exports_fitting_fault_t *err) {
    (void)seed;
    struct table table;
    if (!read(tables, &table, err)) {
        return false;
    }
    struct buffer state = state_new();
    for (size_t at = 0; at < recipe->columns.len; at++) {
        const exports_fitting_column_use_t *used = &recipe->columns.ptr[at];
        const struct arrow_column *column;
        struct spread spread = {0, 1}; /* as it is */
        bool robust;
        if (!asked(used, at, &robust, err) || !numbers(&table, used->column, at, &column, err)) {
            return false;
        }
        if (used->steps.len) {
            double *values = obtain(column->rows * sizeof *values);
            size_t count = 0;
            for (size_t row = 0; row < column->rows; row++) {
                if (arrow_has(column, row)) {
                    values[count++] = number(column, row);
                }
            }
            if (!spread_of(values, count, robust, &spread)) {
                return fault_in_column(err, TYPES_FAULT_CODE_INSUFFICIENT_DATA, at);
            }
            free(values);
        }
        state_add(&state, used->column, spread);
    }
    ret->state = (plugin_list_u8_t){state.at, state.len};
    /* no rows: the training rows as `apply` gives them */
    ret->train = (exports_fitting_list_table_data_t){NULL, 0};
    return true;
}

bool exports_fitting_apply(plugin_list_u8_t *state, exports_fitting_list_table_data_t *tables,
                           exports_fitting_list_table_data_t *ret, exports_fitting_fault_t *err) {
    struct table table;
    struct buffer made = {0}, stream = {0};
    text rest;
    if (!state_open(*state, &rest)) {
        return fault(err, TYPES_FAULT_CODE_INVALID_STATE);
    }
    if (!read(tables, &table, err)) {
        return false;
    }
    size_t count = 0;
    for (; rest.len; count++) {
        const struct arrow_column *column;
        struct spread spread;
        text name;
        if (!state_take(&rest, &name, &spread)) {
            return fault(err, TYPES_FAULT_CODE_INVALID_STATE);
        }
        if (!numbers(&table, name, count, &column, err)) {
            return false;
        }
        /* the design matrix is of 32-bit floats; a missing value stays missing */
        struct arrow_column scaled = arrow_column(name, ARROW_FLOAT32);
        for (size_t row = 0; row < column->rows; row++) {
            if (arrow_has(column, row)) {
                arrow_number(&scaled, spread_apply(spread, number(column, row)));
            } else {
                arrow_missing(&scaled);
            }
        }
        buffer_add(&made, &scaled, sizeof scaled);
    }
    arrow_write((struct arrow_column *)(void *)made.at, count, &stream);
    ret->ptr = obtain(sizeof *ret->ptr);
    ret->len = 1;
    /* what is given to the host is freed behind it: a copy of the name, and not the name */
    plugin_string_dup(&ret->ptr->name, ROWS);
    ret->ptr->stream = (plugin_list_u8_t){stream.at, stream.len};
    return true;
}
