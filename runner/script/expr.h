/*
 * Integer expressions, such as `2*ncpu` or `ncpu//2`: Lua expressions in an environment that
 * holds only the named values. An expression can neither hang nor grow: the instructions and
 * the memory that one may use are bounded, and no library is open.
 */
#ifndef SCRIPT_EXPR_H
#define SCRIPT_EXPR_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/* The CPUs that this process may run on: `ncpu` in expressions. */
int64_t expr_ncpu(void);

/* Evaluates; the result must be a whole number. */
int expr_integer(const char *text, int64_t *value, struct err *err);

/* The names that an expression may use; NULL behind the last. */
const char *expr_name(size_t index);

/* Makes expressions known to base/option.h. Called once, by main. */
void expr_install(void);

#endif
