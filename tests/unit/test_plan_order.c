/* The order of runs: rounds, warm-ups, shuffling. */
#include "plan_fixture.h"

#include <stdlib.h>

#define AXES                                                                                   \
	"workloads: { nap: { type: sleep } }\n"                                                \
	"executors: thread\n"                                                                  \
	"workers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n"                                           \
	"tasks: 10\n"

enum { CELLS = 10 };

static void assert_run(
	const struct plan *plan, uint64_t place, uint32_t experiment, int32_t round)
{
	assert_int_equal(plan->runs[place].experiment, experiment);
	assert_int_equal(plan->runs[place].round, round);
}

static void test_interleave_goes_round_by_round(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, AXES "order: interleave\nrepeat: 3\nwarmup: 2\n");
	assert_int_equal(fixture.plan.run_count, 5 * CELLS);
	for (uint32_t i = 0; i < 5 * CELLS; i++)
		assert_run(&fixture.plan, i, i % CELLS, (int32_t)(i / CELLS) - 2);
	fixture_release(&fixture);
}

static void test_batch_keeps_an_experiment_together(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, AXES "order: batch\nrepeat: 3\nwarmup: 2\n");
	assert_int_equal(fixture.plan.run_count, 5 * CELLS);
	for (uint32_t i = 0; i < 5 * CELLS; i++)
		assert_run(&fixture.plan, i, i / 5, (int32_t)(i % 5) - 2);
	fixture_release(&fixture);
}

/* Warm-ups count down to -1, so that each stands right before its first measured round. */
static void test_rounds_hold_those_that_are_due(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep } }\n"
			       "executors: thread\n"
			       "workers: [1, 2, 3]\n"
			       "tasks: 10\n"
			       "order: interleave\n"
			       "repeat: 1\n"
			       "overrides:\n"
			       "  - { when: { workers: 2 }, set: { repeat: 3, warmup: 1 } }\n"
			       "  - { when: { workers: 3 }, set: { repeat: 2, warmup: 3 } }\n");
	static const struct planned_run expected[] = {{2, -3}, {2, -2}, {1, -1}, {2, -1},
		{0, 0}, {1, 0}, {2, 0}, {1, 1}, {2, 1}, {1, 2}};
	assert_int_equal(fixture.plan.run_count, 10);
	for (uint32_t i = 0; i < 10; i++)
		assert_run(&fixture.plan, i, expected[i].experiment, expected[i].round);
	fixture_release(&fixture);
}

static bool same_order(const struct planned_run *a, const struct planned_run *b)
{
	for (uint32_t i = 0; i < CELLS; i++)
		if (a[i].experiment != b[i].experiment)
			return false;
	return true;
}

static void test_shuffle_permutes_each_round(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, AXES "order: shuffle\nrepeat: 6\nwarmup: 2\nseed: 42\n");
	const struct planned_run *runs = fixture.plan.runs;
	assert_int_equal(fixture.plan.run_count, 8 * CELLS);
	for (uint32_t round = 0; round < 8; round++) {
		unsigned seen = 0;
		for (uint32_t i = 0; i < CELLS; i++) {
			seen |= 1u << runs[round * CELLS + i].experiment;
			assert_int_equal(runs[round * CELLS + i].round, (int)round - 2);
		}
		assert_int_equal(seen, (1u << CELLS) - 1);
		for (uint32_t other = 0; other < round; other++)
			assert_false(same_order(runs + round * CELLS, runs + other * CELLS));
	}
	fixture_release(&fixture);
}

/* The same seed gives the same order, also when there are more rounds; another seed another. */
static void test_shuffle_follows_the_seed(void **state)
{
	(void)state;
	struct fixture few, more, other;
	fixture_make(&few, AXES "order: shuffle\nrepeat: 2\nseed: 1\n");
	fixture_make(&more, AXES "order: shuffle\nrepeat: 5\nseed: 1\n");
	fixture_make(&other, AXES "order: shuffle\nrepeat: 2\nseed: 2\n");
	assert_true(same_order(few.plan.runs, more.plan.runs));
	assert_true(same_order(few.plan.runs + CELLS, more.plan.runs + CELLS));
	assert_false(same_order(few.plan.runs, other.plan.runs));
	fixture_release(&few);
	fixture_release(&more);
	fixture_release(&other);
}

/* Over 3,000 rounds of 3, each of the 6 orders is near 500; 5 standard deviations are 102. */
static void test_shuffle_is_fair(void **state)
{
	(void)state;
	struct fixture fixture;
	unsigned counts[27] = {0}, orders = 0;
	fixture_make(&fixture, "workloads: { nap: { type: sleep } }\n"
			       "executors: thread\n"
			       "workers: [1, 2, 3]\n"
			       "tasks: 10\n"
			       "repeat: 3000\n"
			       "seed: 3\n");
	for (uint64_t i = 0; i < fixture.plan.run_count; i += 3) {
		const struct planned_run *run = &fixture.plan.runs[i];
		counts[9 * run[0].experiment + 3 * run[1].experiment + run[2].experiment]++;
	}
	for (unsigned i = 0; i < 27; i++) {
		orders += counts[i] > 0;
		assert_true(counts[i] == 0 || abs((int)counts[i] - 500) < 102);
	}
	assert_int_equal(orders, 6);
	fixture_release(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_interleave_goes_round_by_round),
		cmocka_unit_test(test_batch_keeps_an_experiment_together),
		cmocka_unit_test(test_rounds_hold_those_that_are_due),
		cmocka_unit_test(test_shuffle_permutes_each_round),
		cmocka_unit_test(test_shuffle_follows_the_seed),
		cmocka_unit_test(test_shuffle_is_fair),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
