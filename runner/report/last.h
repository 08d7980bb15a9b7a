/* What the newest summary of a scenario says about how long its experiments take. */
#ifndef REPORT_LAST_H
#define REPORT_LAST_H

#include "plan/plan.h"

#include <stdint.h>

/*
 * A run's time by experiment, in nanoseconds, 0 where the file says nothing; to be freed. NULL
 * where there is no such file or it is not a summary.
 */
uint64_t *last_read(const struct plan *plan, const char *path);

#endif
