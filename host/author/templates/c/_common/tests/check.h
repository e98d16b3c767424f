/* What native tests need: CHECK, and an exit code that says whether all of them held. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "autods/memory.h"

static int failures;

#define CHECK(what)                                                                                \
    ((what) ? (void)0 : (void)(failures++, fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what)))

#endif
