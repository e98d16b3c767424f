/* What was learnt, as bytes that the host keeps and hands back. */
#ifndef STATE_H
#define STATE_H

#include "autods/memory.h"
#include "spread.h"

/* A new state holds its format and nothing else. */
struct buffer state_new(void);

/* Adds a column. */
void state_add(struct buffer *state, text column, struct spread spread);

/* Whether the bytes begin with the format; `*rest` is what stands behind it. */
bool state_open(plugin_list_u8_t state, text *rest);

/* Takes the next column off `*rest`; false where it is none. Whoever runs this may hand over
   anything: nothing is taken for granted. */
bool state_take(text *rest, text *column, struct spread *spread);

#endif
