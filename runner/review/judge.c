/* From ratios and p to verdicts. */
#include "review/judge.h"

#include "stats/holm.h"
#include "stats/order_statistics.h"
#include "stats/rank_test.h"

#include <math.h>
#include <stdlib.h>

static const double significant = 0.05;

struct tested { /* the cells that have a p */
	struct compared **cells;
	double *p, *least; /* its own, and the smallest that its number of runs can give */
	size_t count;
};

/* A cell whose p could not be small even alone is not asked, and costs the others nothing
 * (Tarone, "A modified Bonferroni method for discrete data", Biometrics 46(2), 1990). */
static struct tested tested_of(struct comparison *comparison)
{
	struct tested tested = {
		.cells = memory_alloc((comparison->count + 1) * sizeof(*tested.cells)),
		.p = memory_alloc((comparison->count + 1) * sizeof(double)),
		.least = memory_alloc((comparison->count + 1) * sizeof(double)),
	};
	for (size_t i = 0; i < comparison->count; i++) {
		struct compared *cell = &comparison->cells[i];
		double least = rank_test_least(cell->runs[SIDE_A], cell->runs[SIDE_B]);
		if (!cell->p.known || least >= significant)
			continue;
		tested.cells[tested.count] = cell;
		tested.p[tested.count] = cell->p.value;
		tested.least[tested.count++] = least;
	}
	return tested;
}

static void tested_release(struct tested *tested)
{
	free(tested->cells);
	free(tested->p);
	free(tested->least);
}

static enum cell_outcome outcome_of(const struct compared *cell, double tolerance)
{
	double edge = 1 + tolerance;
	if (!cell->low.known)
		return CELL_INCONCLUSIVE;
	if (cell->low.value > edge && cell->p.value < significant)
		return CELL_SLOWER;
	if (cell->high.value < 1 / edge && cell->p.value < significant)
		return CELL_FASTER;
	return cell->low.value >= 1 / edge && cell->high.value <= edge ? CELL_SAME
								       : CELL_INCONCLUSIVE;
}

/* Holm's adjustment never falls where a p rises, so that of the smallest p that could have been
 * is a bound: what is not significant there could not have been. */
static void settle(struct comparison *comparison, struct tested *tested)
{
	holm_adjust(tested->least, tested->count, tested->least);
	holm_adjust(tested->p, tested->count, tested->p);
	for (size_t i = 0; i < comparison->count; i++)
		if (comparison->cells[i].outcome == CELL_INCONCLUSIVE)
			comparison->cells[i].outcome = CELL_TOO_FEW;
	for (size_t i = 0; i < tested->count; i++) {
		struct compared *cell = tested->cells[i];
		cell->p.value = tested->p[i];
		if (tested->least[i] < significant)
			cell->outcome = outcome_of(cell, comparison->tolerance);
	}
}

/* So many runs on both sides that the smallest p survives the adjustment for all cells. */
static size_t runs_for(size_t cells)
{
	size_t runs = 2;
	while ((double)cells * rank_test_least(runs, runs) >= significant)
		runs++;
	return runs;
}

/* An interval narrows with the square root of the runs; it is to fit between the ratio and the
 * nearest edge of what is the same. */
static double runs_that_tell(const struct compared *cell, double tolerance)
{
	double runs = (double)cell->runs[SIDE_A];
	if (cell->runs[SIDE_B] < cell->runs[SIDE_A])
		runs = (double)cell->runs[SIDE_B];
	if (!cell->low.known)
		return INFINITY;
	double half = log(cell->high.value / cell->low.value) / 2;
	double room = fabs(fabs(log(cell->ratio.value)) - log1p(tolerance));
	return fmax(1.5 * runs, runs * half * half / (room * room));
}

/* A figure that is easy to write, or 0 where even the largest would not do. */
static size_t round_runs(double runs)
{
	static const size_t steps[] = {10, 20, 30, 50, 100};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (runs <= (double)steps[i])
			return steps[i];
	return 0;
}

/* Enough for half of the cells that are inconclusive: one at the very edge would ask for ever. */
static void advise(struct comparison *comparison, size_t asked)
{
	double *needed = memory_alloc((comparison->count + 1) * sizeof(*needed));
	size_t count = 0;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compared *cell = &comparison->cells[i];
		if (cell->outcome == CELL_INCONCLUSIVE)
			needed[count++] = runs_that_tell(cell, comparison->tolerance);
		if (cell->outcome == CELL_TOO_FEW)
			comparison->repeat_enough = runs_for(asked);
	}
	values_sort(needed, count);
	comparison->repeat_more = count ? round_runs(needed[count / 2]) : 0;
	free(needed);
}

void judge(struct comparison *comparison)
{
	struct tested tested = tested_of(comparison);
	size_t asked = 0;
	for (size_t i = 0; i < comparison->count; i++)
		asked += comparison->cells[i].outcome == CELL_INCONCLUSIVE;
	settle(comparison, &tested);
	advise(comparison, asked);
	tested_release(&tested);
}
