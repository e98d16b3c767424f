#include "spread.h"

#include <math.h>
#include <stdlib.h>

static int by_value(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Linear interpolation between the two nearest of sorted values. */
static double quantile(const double *sorted, size_t count, double share) {
    double place = share * (double)(count - 1), below = floor(place);
    double low = sorted[(size_t)below], high = sorted[(size_t)ceil(place)];
    return low + (place - below) * (high - low);
}

/* Sum of the values less `centre`, or of their squares, without what rounding would lose
   (Neumaier, 1974). */
static double sum(const double *values, size_t count, double centre, bool squared) {
    double total = 0, lost = 0;
    for (size_t at = 0; at < count; at++) {
        double term = values[at] - centre;
        term = squared ? term * term : term;
        double next = total + term;
        lost += fabs(total) >= fabs(term) ? (total - next) + term : (term - next) + total;
        total = next;
    }
    return total + lost;
}

bool spread_of(double *values, size_t count, bool robust, struct spread *spread) {
    if (count < 2) {
        return false;
    }
    /* in one order, so that sums have the same bits whatever the order of the rows */
    qsort(values, count, sizeof *values, by_value);
    if (robust) {
        spread->centre = quantile(values, count, 0.5);
        spread->scale = quantile(values, count, 0.75) - quantile(values, count, 0.25);
    } else {
        spread->centre = sum(values, count, 0, false) / (double)count;
        double squares = sum(values, count, spread->centre, true);
        spread->scale = sqrt(squares / (double)(count - 1));
    }
    if (!isfinite(spread->centre) || !isfinite(spread->scale)) {
        return false;
    }
    spread->scale = spread->scale > 0 ? spread->scale : 1;
    return true;
}

double spread_apply(struct spread spread, double value) {
    return (value - spread.centre) / spread.scale;
}
