/* Joins two sessions and measures each cell; what the figures say is judge.c's. */
#include "review/compare.h"

#include "review/judge.h"
#include "stats/bootstrap.h"
#include "stats/order_statistics.h"
#include "stats/rank_test.h"

#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

static const struct {
	const char *name;
	bool worse;
} outcomes[CELL_OUTCOMES] = {
	[CELL_BROKE] = {"broke", true},
	[CELL_SLOWER] = {"slower", true},
	[CELL_FASTER] = {"faster", false},
	[CELL_SAME] = {"same", false},
	[CELL_INCONCLUSIVE] = {"inconclusive", false},
	[CELL_TOO_FEW] = {"not enough runs", false},
	[CELL_MENDED] = {"mended", false},
	[CELL_NOT_COMPARED] = {"not compared", false},
};

const char *outcome_name(enum cell_outcome outcome)
{
	return outcomes[outcome].name;
}

bool outcome_is_worse(enum cell_outcome outcome)
{
	return outcomes[outcome].worse;
}

/* ---- which cells ---- */

struct row_place { /* a row, by its experiment */
	const char *id;
	size_t row;
};

static int compare_places(const void *a, const void *b)
{
	return strcmp(((const struct row_place *)a)->id, ((const struct row_place *)b)->id);
}

static struct row_place *places_of(const struct csv_table *summary)
{
	struct row_place *places = memory_alloc((summary->row_count + 1) * sizeof(*places));
	for (size_t i = 0; i < summary->row_count; i++)
		places[i] = (struct row_place){results_field(summary, i, "experiment"), i};
	qsort(places, summary->row_count, sizeof(*places), compare_places);
	return places;
}

static void join(struct comparison *comparison)
{
	const struct csv_table *a = &comparison->sides[SIDE_A]->summary;
	const struct csv_table *b = &comparison->sides[SIDE_B]->summary;
	struct row_place *places = places_of(a);
	comparison->cells = memory_alloc((b->row_count + 1) * sizeof(*comparison->cells));
	for (size_t row = 0; row < b->row_count; row++) {
		struct row_place key = {results_field(b, row, "experiment"), 0};
		const struct row_place *found =
			bsearch(&key, places, a->row_count, sizeof(*places), compare_places);
		if (!found)
			continue;
		struct compared *cell = &comparison->cells[comparison->count++];
		cell->row[SIDE_A] = found->row;
		cell->row[SIDE_B] = row;
	}
	comparison->only[SIDE_A] = a->row_count - comparison->count;
	comparison->only[SIDE_B] = b->row_count - comparison->count;
	free(places);
}

/* ---- what is known of a cell without its runs ---- */

static const char *field(const struct comparison *comparison, const struct compared *cell, int side,
	const char *name)
{
	return results_field(&comparison->sides[side]->summary, cell->row[side], name);
}

enum condition { CONDITION_ABSENT, CONDITION_OK, CONDITION_WRONG };

static enum condition condition_of(const char *status)
{
	static const char *const absent[] = {
		"skipped_limit", "unsupported", "interrupted", "", NULL};
	for (size_t i = 0; absent[i]; i++)
		if (strcmp(status, absent[i]) == 0)
			return CONDITION_ABSENT;
	return strcmp(status, "ok") == 0 ? CONDITION_OK : CONDITION_WRONG;
}

/* Inconclusive: as yet. */
static enum cell_outcome by_status(const struct comparison *comparison, const struct compared *cell)
{
	enum condition a = condition_of(field(comparison, cell, SIDE_A, "status"));
	enum condition b = condition_of(field(comparison, cell, SIDE_B, "status"));
	if (a == CONDITION_OK && b == CONDITION_OK)
		return CELL_INCONCLUSIVE;
	if (a == CONDITION_OK && b == CONDITION_WRONG)
		return CELL_BROKE;
	return a == CONDITION_WRONG && b == CONDITION_OK ? CELL_MENDED : CELL_NOT_COMPARED;
}

static const char *column_of(const struct comparison *comparison, const struct compared *cell)
{
	if (*field(comparison, cell, SIDE_B, "rate_per_s"))
		return "wait_p99_s";
	return *field(comparison, cell, SIDE_B, "tasks") ? "elapsed_s" : "throughput_per_s";
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length > tail && strcmp(text + length - tail, end) == 0;
}

/* A fixed number of tasks with the same seed has one right answer. */
static bool is_other_work(const struct comparison *comparison, const struct compared *cell)
{
	const json_t *seeds[SIDES];
	for (int side = 0; side < SIDES; side++)
		seeds[side] = json_object_get(
			json_object_get(comparison->sides[side]->run, "scenario"), "seed");
	const char *a = field(comparison, cell, SIDE_A, "checksum");
	const char *b = field(comparison, cell, SIDE_B, "checksum");
	return seeds[SIDE_A] && seeds[SIDE_B] && json_equal(seeds[SIDE_A], seeds[SIDE_B]) &&
	       *field(comparison, cell, SIDE_B, "tasks") && *a && *b && strcmp(a, b) != 0;
}

/* ---- the figures ---- */

struct times { /* of one side's runs, sorted; of a rate, the time of one task */
	double *values;
	size_t count;
};

static void fill(
	struct times *times, const struct results *results, const struct compared *cell, size_t row)
{
	times->count = results_values(results, results_field(&results->summary, row, "experiment"),
		cell->column, times->values);
	for (size_t i = 0; cell->rate && i < times->count; i++)
		times->values[i] = 1 / times->values[i];
	values_sort(times->values, times->count);
}

static struct figure known(double value)
{
	return (struct figure){true, value};
}

static void set_medians(
	const struct comparison *comparison, struct compared *cell, const struct times *times)
{
	for (int side = 0; side < SIDES; side++) {
		const struct csv_table *summary = &comparison->sides[side]->summary;
		struct figure *median = &cell->median[side];
		cell->runs[side] = times[side].count;
		if (times[side].count) {
			double time = sorted_median(times[side].values, times[side].count);
			*median = known(cell->rate ? 1 / time : time);
		} else
			median->known = results_number(
				summary, cell->row[side], cell->column, &median->value);
	}
}

static void set_ratio(struct compared *cell)
{
	const struct figure *a = &cell->median[SIDE_A], *b = &cell->median[SIDE_B];
	if (a->known && b->known && a->value > 0 && b->value > 0)
		cell->ratio = known(cell->rate ? a->value / b->value : b->value / a->value);
}

static void set_certainty(struct compared *cell, const struct times *times)
{
	const struct times *a = &times[SIDE_A], *b = &times[SIDE_B];
	if (!a->count || !b->count)
		return;
	cell->p = known(rank_test(a->values, a->count, b->values, b->count));
	if (a->values[0] <= 0 || b->values[0] <= 0)
		return;
	struct interval interval = bootstrap_ratio(a->values, a->count, b->values, b->count);
	cell->low = known(interval.low);
	cell->high = known(interval.high);
}

static void measure(struct comparison *comparison, struct compared *cell, const char *column,
	struct times *times)
{
	cell->column = column ? column : column_of(comparison, cell);
	cell->rate = ends_in(cell->column, "_per_s");
	cell->other_work = is_other_work(comparison, cell);
	cell->outcome = by_status(comparison, cell);
	for (int side = 0; side < SIDES; side++)
		fill(&times[side], comparison->sides[side], cell, cell->row[side]);
	set_medians(comparison, cell, times);
	if (cell->outcome == CELL_INCONCLUSIVE && cell->median[SIDE_A].known &&
		cell->median[SIDE_B].known) {
		set_ratio(cell);
		set_certainty(cell, times);
	} else if (cell->outcome == CELL_INCONCLUSIVE)
		cell->outcome = CELL_NOT_COMPARED;
}

static void measure_all(struct comparison *comparison, const char *column)
{
	struct times times[SIDES];
	for (int side = 0; side < SIDES; side++)
		times[side].values = memory_alloc(
			(comparison->sides[side]->runs.row_count + 1) * sizeof(double));
	for (size_t i = 0; i < comparison->count; i++)
		measure(comparison, &comparison->cells[i], column, times);
	for (int side = 0; side < SIDES; side++)
		free(times[side].values);
}

/* ---- both sides ---- */

static int check_side(const struct results *results, const char *column, struct err *err)
{
	const struct csv_table *table = results->runs.width ? &results->runs : &results->summary;
	if (results_column(table, column) >= 0)
		return 0;
	const char *nearest = text_nearest(column, table->fields, table->width);
	if (nearest)
		return err_set(err, "no column '%s' in '%s'; did you mean '%s'?", column,
			results->path, nearest);
	return err_set(err, "no column '%s' in '%s'; 'conrun list columns' has them", column,
		results->path);
}

static int check_column(const struct comparison *comparison, const char *column, struct err *err)
{
	if (!column)
		return 0;
	for (int side = 0; side < SIDES; side++)
		if (check_side(comparison->sides[side], column, err))
			return -1;
	if (ends_in(column, "_s"))
		return 0;
	return err_set(err, "cannot compare '%s'; a time (…_s) or a rate (…_per_s) can be compared",
		column);
}

int comparison_make(struct comparison *comparison, struct results *a, struct results *b,
	const char *column, double tolerance, struct err *err)
{
	*comparison = (struct comparison){.sides = {a, b}, .tolerance = tolerance};
	if (check_column(comparison, column, err))
		return -1;
	join(comparison);
	if (!comparison->count) {
		comparison_release(comparison);
		return err_set(err,
			"nothing to compare: '%s' and '%s' have no experiment in common; another "
			"parameter or script makes another experiment",
			a->path, b->path);
	}
	measure_all(comparison, column);
	judge(comparison);
	for (size_t i = 0; i < comparison->count; i++)
		comparison->of[comparison->cells[i].outcome]++;
	return 0;
}

void comparison_release(struct comparison *comparison)
{
	free(comparison->cells);
}
