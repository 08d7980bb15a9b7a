/* Rows are sorted by what is known to tell them apart; what differs between neighbours that are
 * the same in all that tells them apart too. */
#include "review/axes.h"

#include "base/memory.h"
#include "report/columns.h"
#include "review/results.h"

#include <stdlib.h>
#include <string.h>

bool axes_is_fixed(const char *column)
{
	for (const struct column *it = column_table; it->name || it->group; it++)
		if (it->name && strcmp(it->name, column) == 0)
			return true;
	return false;
}

enum { KEYS_MOST = AXES_MOST + 4 };

struct keys { /* columns, or -1 for one that is not there */
	const struct csv_table *summary;
	int columns[KEYS_MOST];
	size_t count;
};

static void add_key(struct keys *keys, const char *column)
{
	keys->columns[keys->count++] = results_column(keys->summary, column);
}

static const char *at(const struct csv_table *table, size_t row, int column)
{
	return column < 0 ? "" : table->fields[(row + 1) * table->width + (size_t)column];
}

static int compare_rows(const void *left, const void *right, void *arg)
{
	const struct keys *keys = arg;
	int order = 0;
	for (size_t i = 0; i < keys->count && !order; i++)
		order = strcmp(at(keys->summary, *(const size_t *)left, keys->columns[i]),
			at(keys->summary, *(const size_t *)right, keys->columns[i]));
	return order;
}

/* Sorts the rows. */
static bool splits(const struct keys *known, const char *column, size_t *rows, size_t count)
{
	struct keys all = *known, same = *known;
	add_key(&all, column);
	if (count)
		qsort_r(rows, count, sizeof(*rows), compare_rows, &all);
	for (size_t i = 1; i < count; i++)
		if (compare_rows(&rows[i - 1], &rows[i], &same) == 0 &&
			compare_rows(&rows[i - 1], &rows[i], &all) != 0)
			return true;
	return false;
}

bool axes_splits(const struct csv_table *summary, const char *column)
{
	struct keys known = {.summary = summary};
	size_t *rows = memory_alloc((summary->row_count + 1) * sizeof(*rows));
	for (size_t i = 0; i < summary->row_count; i++)
		rows[i] = i;
	add_key(&known, "workload");
	add_key(&known, "executor");
	add_key(&known, "workers");
	bool result = splits(&known, column, rows, summary->row_count);
	free(rows);
	return result;
}

static int by_size(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

/* Texts such as 1.1 and 1.10 are two values, but at one place of an axis. */
static bool has_twins(double *numbers, size_t count)
{
	bool twins = false;
	if (count)
		qsort(numbers, count, sizeof(*numbers), by_size);
	for (size_t i = 1; i < count; i++)
		twins |= numbers[i - 1] >= numbers[i];
	return twins;
}

/* Sorts the rows. A row without a value has no place on the axis, and makes no words of it. */
static struct axis look_at(
	const struct csv_table *summary, const char *column, size_t *rows, size_t count)
{
	struct axis axis = {.column = column};
	struct keys own = {.summary = summary};
	double *numbers = memory_alloc((count + 1) * sizeof(*numbers));
	size_t found = 0;
	add_key(&own, column);
	qsort_r(rows, count, sizeof(*rows), compare_rows, &own);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 && compare_rows(&rows[i - 1], &rows[i], &own) == 0)
			continue;
		axis.values++;
		if (results_number(summary, rows[i], column, &numbers[found]))
			found++;
		else
			axis.words |= *at(summary, rows[i], own.columns[0]) != '\0';
	}
	axis.words |= has_twins(numbers, found);
	free(numbers);
	return axis;
}

static void consider(
	struct axes *axes, struct keys *known, const char *column, size_t *rows, size_t count)
{
	if (axes->count == AXES_MOST || !splits(known, column, rows, count))
		return;
	axes->items[axes->count++] = look_at(known->summary, column, rows, count);
	add_key(known, column);
}

struct axes axes_find(const struct csv_table *summary, const size_t *rows, size_t count)
{
	static const char *const loads[] = {"rate_per_s", "runtime_s", "arrival", "tasks"};
	struct axes axes = {.count = 0};
	struct keys known = {.summary = summary};
	int status = results_column(summary, "status");
	size_t *sorted = memory_alloc((count + 1) * sizeof(*sorted));
	if (count)
		memcpy(sorted, rows, count * sizeof(*sorted));
	add_key(&known, "executor");
	consider(&axes, &known, "workers", sorted, count);
	for (int i = 0; i < status; i++)
		if (!axes_is_fixed(summary->fields[i]))
			consider(&axes, &known, summary->fields[i], sorted, count);
	for (size_t i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		consider(&axes, &known, loads[i], sorted, count);
	free(sorted);
	return axes;
}
