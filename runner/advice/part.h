/*
 * A part of a scenario: a workload or an executor with the values to try for each option, as the
 * scenario's sections or an include name it. Which cells it has made is told by their values: a
 * cell that several parts make is each one's.
 */
#ifndef ADVICE_PART_H
#define ADVICE_PART_H

#include "plan/plan.h"
#include "scenario/diag.h"

#include <stdbool.h>
#include <stddef.h>

struct part {
	const struct workload *workload; /* the one or the other */
	const struct executor *executor;
	const char *name; /* the scenario's for the workload, or the executor's type */
	const struct option *options;
	const struct choices *choices;    /* parallel to the options */
	const struct choices *taken_over; /* of an include's workload: the scenario's; or NULL */
	struct place place;
};

struct parts {
	struct part *items; /* to be freed */
	size_t count;
};

struct part part_of_workload(const struct workload_entry *entry);
struct part part_of_executor(const struct executor_entry *entry);

/* All of them: the sections', then the includes'. */
struct parts parts_of(const struct scenario *scenario);

/* Has it made this cell? */
bool part_has(const struct part *part, const struct experiment *cell);

/* Is every value of `a` one of `b`, too? No, where there are too many to look. */
bool choices_within(const struct option *option, const struct choices *a, const struct choices *b);

/* Are all cells of `a` cells of `b`, too? */
bool part_within(const struct part *a, const struct part *b);

#endif
