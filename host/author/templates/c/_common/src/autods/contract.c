#include "autods/contract.h"

#include <string.h>

bool fault(types_fault_t *err, types_fault_code_t code) {
    memset(err, 0, sizeof *err);
    err->code = code;
    return false;
}

bool fault_in_column(types_fault_t *err, types_fault_code_t code, size_t column) {
    fault(err, code);
    err->column.is_some = true;
    err->column.val = (uint32_t)column;
    return false;
}

bool fault_at_line(types_fault_t *err, uint32_t source, uint64_t line) {
    err->source.is_some = true;
    err->source.val = source;
    err->line.is_some = true;
    err->line.val = line;
    return false;
}

bool params_only(const types_param_t *params, size_t count, const char *const *names,
                 size_t names_count, types_fault_t *err) {
    for (size_t at = 0; at < count; at++) {
        bool known = false;
        for (size_t name = 0; name < names_count; name++) {
            known |= text_is(params[at].name, text_of(names[name]));
        }
        for (size_t other = 0; other < at; other++) {
            known &= !text_is(params[at].name, params[other].name);
        }
        if (!known) {
            return fault(err, TYPES_FAULT_CODE_UNKNOWN_PARAMETER);
        }
    }
    return true;
}

/* `*found` is NULL where it is not given, or given without a value. */
static bool find(const types_param_t *params, size_t count, const char *name, uint8_t tag,
                 const types_scalar_t **found, types_fault_t *err) {
    *found = NULL;
    for (size_t at = 0; at < count; at++) {
        const types_scalar_t *value = &params[at].value;
        if (!text_is(params[at].name, text_of(name)) || value->tag == TYPES_SCALAR_MISSING) {
            continue;
        }
        if (value->tag != tag) {
            return fault(err, TYPES_FAULT_CODE_UNKNOWN_PARAMETER);
        }
        *found = value;
    }
    return true;
}

bool params_text(const types_param_t *params, size_t count, const char *name, text *value,
                 types_fault_t *err) {
    const types_scalar_t *found;
    if (!find(params, count, name, TYPES_SCALAR_TEXT, &found, err)) {
        return false;
    }
    if (found) {
        *value = found->val.text;
    }
    return true;
}

bool params_flag(const types_param_t *params, size_t count, const char *name, bool *value,
                 types_fault_t *err) {
    const types_scalar_t *found;
    if (!find(params, count, name, TYPES_SCALAR_FLAG, &found, err)) {
        return false;
    }
    if (found) {
        *value = found->val.flag;
    }
    return true;
}
