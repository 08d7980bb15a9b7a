/* What a scenario expects of its results: compiled before anything runs, judged at the end. */
#ifndef REPORT_EXPECTATIONS_H
#define REPORT_EXPECTATIONS_H

#include "report/fields.h"
#include "scenario/diag.h"
#include "script/claim.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPECTATION_FAILURES_KEPT = 3 };

struct expectation {
	const struct expect *expect;
	struct claim claim;
	int *fields; /* parallel to the claim's names: places among the fields, or ncpu */
	uint32_t judged, failed; /* rows */
	uint32_t not_run; /* rows that were not judged, as nothing was started for them */
	struct failure {
		uint32_t row;
		const char *values; /* `elapsed_s 1.25, tasks_failed 0`, or why it cannot tell */
	} failures[EXPECTATION_FAILURES_KEPT]; /* the first */
};

struct expectations {
	struct arena arena;
	struct state state;
	struct expectation *items; /* parallel to the scenario's */
	size_t count;
	struct matcher *matchers; /* parallel to them */
};

/* Compiles; reports what is wrong, and as warnings those that match no cell. Release it in
 * every case. */
void expectations_make(
	struct expectations *expectations, const struct fields *fields, struct diag *diag);
void expectations_release(struct expectations *expectations);

/* Judges every row that was run, unless the session is a quick one; of one that could not be
 * (status_not_run) there is nothing to judge but its status, by the expectations that name it. */
void expectations_judge(
	struct expectations *expectations, const struct fields *fields, struct summary *summary);

/* How many were judged, and how many of these hold. */
struct expectations_count {
	size_t judged, held;
};
struct expectations_count expectations_count(const struct expectations *expectations);

#endif
