/* Faults and parameters, as the contract has them.

   What can fail gives false and says why in `*err`, as the functions of the contract do. */
#ifndef AUTODS_CONTRACT_H
#define AUTODS_CONTRACT_H

#include "autods/memory.h"

/* A code without a place; always false, for `return fault(err, …)`. */
bool fault(types_fault_t *err, types_fault_code_t code);

/* Of a column, by its index. */
bool fault_in_column(types_fault_t *err, types_fault_code_t code, size_t column);

/* Where in the sources; gives false. For a fault that is there already. */
bool fault_at_line(types_fault_t *err, uint32_t source, uint64_t line);

/* That every parameter is one of `names`, and none stands twice. */
bool params_only(const types_param_t *params, size_t count, const char *const *names,
                 size_t names_count, types_fault_t *err);

/* The value of a parameter; where it is not given, `*value` stays what it was. */
bool params_text(const types_param_t *params, size_t count, const char *name, text *value,
                 types_fault_t *err);
bool params_flag(const types_param_t *params, size_t count, const char *name, bool *value,
                 types_fault_t *err);

#endif
