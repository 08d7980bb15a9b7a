/*
 * Rules — exclude, when, baseline — made ready to be asked of a million cells: the texts of
 * their tests are typed once for every workload and executor that has the option.
 *
 * A test about a key that the cell does not have never holds, `!=` included. A key that both
 * the workload and the executor have holds if it does for either. Options that are lists
 * themselves are no keys.
 */
#ifndef PLAN_RULES_H
#define PLAN_RULES_H

#include "plan/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct matcher {
	const struct rule *rule;
	struct matcher_test *tests; /* parallel to the rule's */
	bool matched;               /* some cell; the caller's to set */
};

/* Makes matchers for the rules `first`, and those `stride` bytes apart behind it. */
struct matcher *matchers_make(struct arena *arena, const struct scenario *scenario,
	const struct rule *first, size_t count, size_t stride);

/* The tests about names, types and options. `name` is the workload's in the scenario. */
bool matcher_variants(const struct matcher *matcher, const char *name,
	const struct workload_variant *workload, const struct executor_variant *executor);

/* The tests about workers and load. */
bool matcher_load(const struct matcher *matcher, int64_t workers, const struct load *load);

/* All of them, of a cell of the plan. */
bool matcher_holds(const struct matcher *matcher, const struct experiment *cell);

/* Writes a warning for each that matched no cell: `file:line:col: warning: this exclude …`. */
void matchers_warn(const struct matcher *matchers, size_t count, const struct scenario *scenario,
	const char *what);

#endif
