/* Centre and scale of a column. */
#ifndef SPREAD_H
#define SPREAD_H

#include <stdbool.h>
#include <stddef.h>

/* What was learnt about a column. */
struct spread {
    double centre; /* what is taken off */
    double scale;  /* what is divided by; above 0 */
};

/* Of these values, which are sorted; false for fewer than two, and where the numbers are too large.
   Values that are all the same get the scale 1: there is nothing to divide by. */
bool spread_of(double *values, size_t count, bool robust, struct spread *spread);

/* A value, centred and scaled. */
double spread_apply(struct spread spread, double value);

#endif
