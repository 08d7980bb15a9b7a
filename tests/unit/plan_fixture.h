/* For the tests of plans and statistics: scenario text → plan, and what it wrote to stderr. */
#ifndef PLAN_FIXTURE_H
#define PLAN_FIXTURE_H

#include "plan/plan.h"
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

struct fixture {
	struct scenario scenario;
	struct plan plan;
	struct err err;
	char warnings[4096];
};

/* Makes the plan of a valid scenario with stderr caught; returns what plan_make does. */
static inline int fixture_try(struct fixture *fixture, const char *text)
{
	FILE *caught = tmpfile();
	int saved = dup(STDERR_FILENO);
	assert_non_null(caught);
	fflush(stderr);
	assert_int_equal(
		scenario_parse(&fixture->scenario, "test.yaml", text, strlen(text), NULL), 0);
	dup2(fileno(caught), STDERR_FILENO);
	int result = plan_make(&fixture->plan, &fixture->scenario, &fixture->err);
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(caught);
	size_t length = fread(fixture->warnings, 1, sizeof(fixture->warnings) - 1, caught);
	fixture->warnings[length] = '\0';
	fclose(caught);
	return result;
}

static inline void fixture_make(struct fixture *fixture, const char *text)
{
	int result = fixture_try(fixture, text);
	if (result != 0)
		fail_msg("%s", fixture->err.text);
}

static inline void fixture_release(struct fixture *fixture)
{
	plan_release(&fixture->plan);
	scenario_release(&fixture->scenario);
}

/* The place of the experiment with this executor label, workers and tasks, or PLAN_NONE. */
static inline uint32_t fixture_find(
	const struct fixture *fixture, const char *label, uint32_t workers, uint64_t tasks)
{
	for (uint32_t i = 0; i < fixture->plan.experiment_count; i++) {
		const struct experiment *experiment = &fixture->plan.experiments[i];
		if (strcmp(experiment->executor->label, label) == 0 &&
			experiment->workers == workers && experiment->tasks == tasks)
			return i;
	}
	return PLAN_NONE;
}

#endif
