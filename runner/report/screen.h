/* The terminal that people look at. */
#ifndef REPORT_SCREEN_H
#define REPORT_SCREEN_H

#include "base/text.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* A terminal that can do more than print, and one that the user wants colour on. */
bool screen_is_terminal(int fd);
bool screen_has_colour(int fd);

/* The terminal's width in columns, or `fallback` where `fd` is none. */
size_t screen_width(int fd, size_t fallback);

/* `thread_pool ×64`; an executor that has no workers stands alone. */
void screen_executor(struct text *out, const struct experiment *experiment);

/* `wait`; with the parameters that are swept: `matmul(kernel=blas)`. */
void screen_workload(
	struct text *out, const struct plan *plan, const struct experiment *experiment);

/* `wait · thread_pool ×64` */
void screen_experiment(
	struct text *out, const struct plan *plan, const struct experiment *experiment);

/* ` at 500/s`; nothing in a closed loop. */
void screen_rate(struct text *out, const struct experiment *experiment);

#endif
