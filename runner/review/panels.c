/* Sorting rows into panels and series. */
#include "review/panels.h"

#include "base/text.h"
#include "review/axes.h"
#include "review/figures.h"

#include <stdlib.h>
#include <string.h>

struct group { /* all rows of one workload */
	const char *workload;
	size_t rows[PANEL_ROWS_MOST];
	size_t count;
	struct axes axes;
	const struct axis *axis; /* one of them, or NULL */
	bool executors;          /* more than one */
};

/* ---- the axis ---- */

static bool has_executors(const struct csv_table *summary, const struct group *group)
{
	const char *first = results_field(summary, group->rows[0], "executor");
	for (size_t i = 1; i < group->count; i++)
		if (strcmp(results_field(summary, group->rows[i], "executor"), first))
			return true;
	return false;
}

/* An open loop is swept for its knee, anything else for how it scales. If this leaves more panels
 * than there is room for, it is what leaves the fewest. */
static const struct axis *find_axis(const struct axes *axes)
{
	static const char *const first[] = {"rate_per_s", "workers"};
	const struct axis *longest = NULL;
	size_t cells = 1;
	for (size_t i = 0; i < axes->count; i++)
		cells *= axes->items[i].values;
	for (size_t k = 0; k < sizeof(first) / sizeof(first[0]); k++)
		for (size_t i = 0; i < axes->count; i++)
			if (strcmp(axes->items[i].column, first[k]) == 0 && !axes->items[i].words &&
				cells / axes->items[i].values <= PANELS_MOST)
				return &axes->items[i];
	for (size_t i = 0; i < axes->count; i++) {
		const struct axis *it = &axes->items[i];
		if (it->words && it->values > PANEL_PICKS_MOST)
			continue;
		if (!longest || it->values > longest->values)
			longest = it;
	}
	return longest;
}

static void find_group(
	struct group *group, const struct csv_table *summary, size_t first, const char *workload)
{
	group->workload = workload;
	group->count = 0;
	for (size_t row = first; row < summary->row_count; row++)
		if (strcmp(results_field(summary, row, "workload"), workload) == 0)
			group->rows[group->count++] = row;
	group->axes = axes_find(summary, group->rows, group->count);
	group->axis = find_axis(&group->axes);
	group->executors = has_executors(summary, group);
}

/* ---- panels ---- */

static void leave_out(struct panels *panels, const char *name)
{
	for (size_t i = 0; i < panels->left_out_count; i++)
		if (strcmp(panels->left_out[i], name) == 0)
			return;
	panels->left_out = memory_grow(panels->left_out, panels->left_out_count,
		&panels->left_out_capacity, sizeof(*panels->left_out));
	panels->left_out[panels->left_out_count++] = name;
}

/* `wait, duration 5ms`: a swept parameter's name goes without the workload's. Words are not a
 * curve of each executor, so that each has its own panel. */
static const char *title_of(struct panels *panels, const struct group *group, size_t row)
{
	struct text title;
	text_init(&title);
	text_add(&title, group->workload);
	if (group->axis && group->axis->words && group->executors)
		text_addf(&title, ", %s", results_field(panels->summary, row, "executor"));
	for (size_t i = 0; i < group->axes.count; i++) {
		const struct axis *it = &group->axes.items[i];
		const char *value = results_field(panels->summary, row, it->column);
		if (it == group->axis || !*value)
			continue;
		text_add(&title, ", ");
		figure_name(&title, it->column);
		text_add(&title, " ");
		figure_given(&title, it->column, value);
	}
	const char *copy = arena_text(&panels->arena, text_get(&title));
	text_release(&title);
	return copy;
}

static struct panel *find_panel(struct panels *panels, const char *title, const struct axis *axis)
{
	for (size_t i = 0; i < panels->count; i++)
		if (strcmp(panels->items[i].title, title) == 0)
			return &panels->items[i];
	if (panels->count == PANELS_MOST) {
		leave_out(panels, title);
		return NULL;
	}
	struct panel *panel = &panels->items[panels->count++];
	*panel = (struct panel){.title = title,
		.axis = axis ? axis->column : "workers",
		.words = axis && axis->words};
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
	return i;
}

static void add_row(struct panels *panels, struct panel *panel, size_t row)
{
	const char *executor = results_field(panels->summary, row, "executor");
	struct panel_row added = {.row = row, .x = (double)row};
	added.series = find_series(panel, executor);
	if (added.series == PANEL_SERIES_MOST) {
		leave_out(panels, arena_format(&panels->arena, "%s: %s", panel->title, executor));
		return;
	}
	if (!panel->words && !results_number(panels->summary, row, panel->axis, &added.x)) {
		leave_out(panels, arena_format(&panels->arena, "%s: %s without %s", panel->title,
					  executor, panel->axis));
		return;
	}
	panel->rows =
		memory_grow(panel->rows, panel->count, &panel->capacity, sizeof(*panel->rows));
	panel->rows[panel->count++] = added;
}

static int compare_rows(const void *left, const void *right)
{
	const struct panel_row *a = left, *b = right;
	if (a->series != b->series)
		return a->series < b->series ? -1 : 1;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
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

static void add_group(struct panels *panels, const struct group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		size_t row = group->rows[i];
		if (strcmp(results_field(panels->summary, row, "status"), "ok"))
			continue;
		struct panel *panel = find_panel(panels, title_of(panels, group, row), group->axis);
		if (panel)
			add_row(panels, panel, row);
	}
}

static bool is_first(const struct csv_table *summary, size_t row, const char *workload)
{
	for (size_t i = 0; i < row; i++)
		if (strcmp(results_field(summary, i, "workload"), workload) == 0)
			return false;
	return true;
}

void panels_make(struct panels *panels, const struct csv_table *summary)
{
	struct group group;
	*panels = (struct panels){.summary = summary};
	arena_init(&panels->arena);
	if (summary->row_count > PANEL_ROWS_MOST) {
		leave_out(panels, arena_format(&panels->arena, "%zu experiments, more than %d",
					  summary->row_count, PANEL_ROWS_MOST));
		return;
	}
	for (size_t row = 0; row < summary->row_count; row++) {
		const char *workload = results_field(summary, row, "workload");
		if (!is_first(summary, row, workload))
			continue;
		find_group(&group, summary, row, workload);
		add_group(panels, &group);
	}
	for (size_t i = 0; i < panels->count; i++)
		finish_panel(&panels->items[i], summary);
}

void panels_release(struct panels *panels)
{
	for (size_t i = 0; i < panels->count; i++)
		free(panels->items[i].rows);
	free(panels->left_out);
	arena_release(&panels->arena);
}

/* ---- what a chart asks ---- */

bool panel_has_curves(const struct panel *panel)
{
	for (size_t i = 0; i < panel->series_count && !panel->words; i++) {
		const struct panel_row *rows = &panel->rows[panel->series[i].first];
		size_t count = panel->series[i].count;
		if (count > 1 && rows[0].x != rows[count - 1].x)
			return true;
	}
	return false;
}

bool panel_is_along(const struct panel *panel, const char *column)
{
	return strcmp(panel->axis, column) == 0;
}

bool panel_picks_all(const struct panel *panel)
{
	return panel->count <= (panel->words ? PANEL_PICKS_MOST : PANEL_ENDS_MOST);
}

size_t panel_picks(const struct panel *panel, const struct panel_row **picks)
{
	size_t count = 0;
	bool all = panel_picks_all(panel);
	for (size_t i = 0; i < panel->count && count < PANEL_PICKS_MOST; i++)
		if (all || i + 1 == panel->count ||
			panel->rows[i + 1].series != panel->rows[i].series)
			picks[count++] = &panel->rows[i];
	return count;
}
