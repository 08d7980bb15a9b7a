/* Limits of the system that would stop a run: foreseen, so that nothing is started in vain. */
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

#include "base/err.h"
#include "plan/plan.h"

#include <stdint.h>

/* 0: nothing is in the way. -1: the error begins with the limit's name and says what is needed,
 * what there is and how to raise it. */
int limits_check(const struct experiment *experiment, uint32_t workers, size_t region_bytes,
	struct err *err);

#endif
