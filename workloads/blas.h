/* Multiplying matrices by OpenBLAS, on the calling thread alone. */
#ifndef WORKLOADS_BLAS_H
#define WORKLOADS_BLAS_H

#include "base/err.h"

#include <stddef.h>

/* Opens OpenBLAS so that it starts no threads. The first call is to come while the process has one
 * thread: it sets an environment variable. */
int blas_open(struct err *err);

/* c = a × b, where a and c have `rows` rows of n, and b has n; row by row. After blas_open. */
void blas_multiply(size_t rows, size_t n, const double *a, const double *b, double *c);

#endif
