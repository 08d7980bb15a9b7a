/* Sorting rows into panels and series. Rows are told apart by what the file has, not by rules. */
#include "review/panels.h"

#include "report/columns.h"

#include <stdlib.h>
#include <string.h>

bool panels_is_fixed(const char *column)
{
	for (const struct column *it = column_table; it->name || it->group; it++)
		if (it->name && strcmp(it->name, column) == 0)
			return true;
	return false;
}

/* ---- what splits ---- */

struct by_cell { /* what rows are sorted by to see whether a column splits them */
	const struct csv_table *summary;
	int keys[4];
};

static const char *at(const struct csv_table *table, size_t row, int column)
{
	return column < 0 ? "" : table->fields[(row + 1) * table->width + (size_t)column];
}

static int compare_cells(const void *left, const void *right, void *arg)
{
	const struct by_cell *by = arg;
	int order = 0;
	for (size_t i = 0; i < 4 && !order; i++)
		order = strcmp(at(by->summary, *(const size_t *)left, by->keys[i]),
			at(by->summary, *(const size_t *)right, by->keys[i]));
	return order;
}

bool panels_splits(const struct csv_table *summary, const char *column)
{
	struct by_cell by = {summary,
		{results_column(summary, "workload"), results_column(summary, "executor"),
			results_column(summary, "workers"), results_column(summary, column)}};
	size_t *rows = memory_alloc((summary->row_count + 1) * sizeof(*rows));
	for (size_t i = 0; i < summary->row_count; i++)
		rows[i] = i;
	qsort_r(rows, summary->row_count, sizeof(*rows), compare_cells, &by);
	bool splits = false;
	for (size_t i = 1; i < summary->row_count && !splits; i++) {
		bool same = true;
		for (size_t k = 0; k < 3; k++)
			same &= strcmp(at(summary, rows[i], by.keys[k]),
					at(summary, rows[i - 1], by.keys[k])) == 0;
		splits = same && compare_cells(&rows[i - 1], &rows[i], &by) != 0;
	}
	free(rows);
	return splits;
}

enum { SPLITTERS_MOST = 16 };

struct splitters {
	const char *columns[SPLITTERS_MOST];
	size_t count;
};

/* A swept parameter, or a load. */
static struct splitters find_splitters(const struct csv_table *summary)
{
	static const char *const loads[] = {"tasks", "runtime_s", "rate_per_s", "arrival"};
	struct splitters found = {.count = 0};
	int status = results_column(summary, "status");
	for (int i = 0; i < (int)summary->width; i++) {
		const char *column = summary->fields[i];
		bool candidate = i < status && !panels_is_fixed(column);
		for (size_t k = 0; k < sizeof(loads) / sizeof(loads[0]); k++)
			candidate |= strcmp(column, loads[k]) == 0;
		if (candidate && found.count < SPLITTERS_MOST && panels_splits(summary, column))
			found.columns[found.count++] = column;
	}
	return found;
}

/* ---- panels ---- */

/* `wait, tasks 100`: a swept parameter's name goes without the workload's. */
static const char *title_of(struct panels *panels, const struct splitters *splitters, size_t row)
{
	struct text title;
	text_init(&title);
	text_add(&title, results_field(panels->summary, row, "workload"));
	for (size_t i = 0; i < splitters->count; i++) {
		const char *value = results_field(panels->summary, row, splitters->columns[i]);
		if (*value)
			text_addf(&title, ", %s %s", splitters->columns[i], value);
	}
	const char *copy = arena_text(&panels->arena, text_get(&title));
	text_release(&title);
	return copy;
}

static struct panel *find_panel(struct panels *panels, const char *title)
{
	for (size_t i = 0; i < panels->count; i++)
		if (strcmp(panels->items[i].title, title) == 0)
			return &panels->items[i];
	if (panels->count == PANELS_MOST) {
		panels->more = true;
		return NULL;
	}
	struct panel *panel = &panels->items[panels->count++];
	*panel = (struct panel){.title = title};
	return panel;
}

/* Its place, or PANEL_SERIES_MOST where there is none left. */
static size_t find_series(struct panel *panel, const char *name)
{
	size_t i = 0;
	while (i < panel->series_count && strcmp(panel->series[i].name, name))
		i++;
	if (i == panel->series_count && i < PANEL_SERIES_MOST)
		panel->series[panel->series_count++] = (struct series){.name = name};
	panel->more |= i == PANEL_SERIES_MOST;
	return i;
}

static void add_row(struct panel *panel, const struct csv_table *summary, size_t row)
{
	struct panel_row added = {.row = row};
	added.series = find_series(panel, results_field(summary, row, "executor"));
	if (added.series == PANEL_SERIES_MOST ||
		!results_number(summary, row, "workers", &added.workers))
		return;
	panel->rows =
		memory_grow(panel->rows, panel->count, &panel->capacity, sizeof(*panel->rows));
	panel->rows[panel->count++] = added;
}

static int compare_rows(const void *left, const void *right)
{
	const struct panel_row *a = left, *b = right;
	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	if (a->workers != b->workers)
		return a->workers < b->workers ? -1 : 1;
	return (a->row > b->row) - (a->row < b->row);
}

/* In an open loop waits tell, with a runtime the rate does, and where tasks differ it does too. */
static const char *figure_of(const struct panel *panel, const struct csv_table *summary)
{
	const char *tasks = "";
	for (size_t i = 0; i < panel->count; i++) {
		size_t row = panel->rows[i].row;
		if (*results_field(summary, row, "rate_per_s"))
			return "wait_p99_s";
		const char *own = results_field(summary, row, "tasks");
		if (*results_field(summary, row, "runtime_s") || (i > 0 && strcmp(own, tasks)))
			return "throughput_per_s";
		tasks = own;
	}
	return "elapsed_s";
}

static void finish_panel(struct panel *panel, const struct csv_table *summary)
{
	double number;
	panel->figure = figure_of(panel, summary);
	size_t kept = 0;
	for (size_t i = 0; i < panel->count; i++)
		if (results_number(summary, panel->rows[i].row, panel->figure, &number))
			panel->rows[kept++] = panel->rows[i];
	panel->count = kept;
	if (kept)
		qsort(panel->rows, kept, sizeof(*panel->rows), compare_rows);
	for (size_t i = kept; i-- > 0;) {
		struct series *series = &panel->series[panel->rows[i].series];
		series->first = i;
		series->count++;
	}
}

void panels_make(struct panels *panels, const struct csv_table *summary)
{
	*panels = (struct panels){.summary = summary};
	arena_init(&panels->arena);
	panels->more = summary->row_count > PANEL_ROWS_MOST;
	if (panels->more)
		return;
	const struct splitters splitters = find_splitters(summary);
	for (size_t row = 0; row < summary->row_count; row++) {
		if (strcmp(results_field(summary, row, "status"), "ok"))
			continue;
		struct panel *panel = find_panel(panels, title_of(panels, &splitters, row));
		if (panel)
			add_row(panel, summary, row);
	}
	for (size_t i = 0; i < panels->count; i++)
		finish_panel(&panels->items[i], summary);
}

void panels_release(struct panels *panels)
{
	for (size_t i = 0; i < panels->count; i++)
		free(panels->items[i].rows);
	arena_release(&panels->arena);
}

/* ---- what a chart asks ---- */

bool panel_has_curves(const struct panel *panel)
{
	for (size_t i = 0; i < panel->series_count; i++) {
		const struct panel_row *rows = &panel->rows[panel->series[i].first];
		size_t count = panel->series[i].count;
		if (count > 1 && rows[0].workers != rows[count - 1].workers)
			return true;
	}
	return false;
}

size_t panel_picks(const struct panel *panel, size_t most, const struct panel_row **picks)
{
	size_t count = 0;
	bool all = panel->count <= most;
	for (size_t i = 0; i < panel->count && count < most; i++)
		if (all || i + 1 == panel->count ||
			panel->rows[i + 1].series != panel->rows[i].series)
			picks[count++] = &panel->rows[i];
	return count;
}
