/* The part of <math.h> that is one instruction of WebAssembly each, hence exact and the same
   everywhere. exp, log, pow and the like are not: take them from a library in C and put it into
   src/, so that every machine computes the same bits. */
#ifndef LIBC_MATH_H
#define LIBC_MATH_H

#define NAN __builtin_nanf("")
#define INFINITY __builtin_inff()
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define isfinite(x) __builtin_isfinite(x)

static inline double fabs(double x) { return __builtin_fabs(x); }
static inline double sqrt(double x) { return __builtin_sqrt(x); }
static inline double floor(double x) { return __builtin_floor(x); }
static inline double ceil(double x) { return __builtin_ceil(x); }
static inline double trunc(double x) { return __builtin_trunc(x); }

#endif
