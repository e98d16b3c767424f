/* A host with one file, in memory, and one table of two columns of integers. */
#ifndef MEMORY_HOST_H
#define MEMORY_HOST_H

#include "autods/arrow.h"

extern text host_file;

/* What was emitted. */
extern struct arrow_column host_rows[2];

#endif
