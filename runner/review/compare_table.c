/*
 * The cells of a comparison as a table: what a cell is, from the summary's own columns, then the
 * figures. What all rows agree in is said once, above the table.
 */
#include "base/option.h"
#include "report/human.h"
#include "report/table.h"
#include "report/utf8.h"
#include "review/compare_view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef void cell_text(
	const struct comparison *comparison, const struct compared *cell, struct text *out);

struct view {
	const char *title;
	int keep;
	bool left;
	const char *constant; /* said once as this, where all rows agree; NULL: always a column */
	const char *name;     /* of a column of the summary */
	cell_text *text;      /* where there is no name */
};

/* ---- values ---- */

static void duration(double seconds, struct text *out)
{
	option_format_duration((int64_t)llround(seconds * 1e9), out);
}

static void size(double bytes, struct text *out)
{
	option_format_size((int64_t)llround(bytes), out);
}

static void rate(double per_s, struct text *out)
{
	human_rate(out, per_s);
}

static const struct suffix {
	const char *unit;
	void (*write)(double value, struct text *out);
} suffixes[] = {{"_per_s", rate}, {"_s", duration}, {"_bytes", size}, {"", NULL}};

/* By the end of the column's name. */
static const struct suffix *suffix_of(const char *name)
{
	const struct suffix *suffix = suffixes;
	for (size_t length = strlen(name);; suffix++) {
		size_t own = strlen(suffix->unit);
		if (own < length && strcmp(name + length - own, suffix->unit) == 0)
			return suffix;
	}
}

static void add_field(const struct comparison *comparison, const struct compared *cell,
	const char *name, struct text *out)
{
	const struct csv_table *summary = &comparison->sides[SIDE_B]->summary;
	const struct suffix *suffix = suffix_of(name);
	double value;
	if (suffix->write && results_number(summary, cell->row[SIDE_B], name, &value))
		suffix->write(value, out);
	else
		utf8_add_line(out, results_field(summary, cell->row[SIDE_B], name));
}

static void figure_name(
	const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	(void)comparison;
	text_add(out, cell->column);
}

static void runs(const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	(void)comparison;
	text_addf(out, "%zu", cell->runs[SIDE_A]);
	if (cell->runs[SIDE_A] != cell->runs[SIDE_B])
		text_addf(out, "/%zu", cell->runs[SIDE_B]);
}

static void median(const struct compared *cell, int side, struct text *out)
{
	const struct figure *figure = &cell->median[side];
	if (figure->known && cell->rate)
		human_rate(out, figure->value);
	else if (figure->known)
		human_seconds(out, figure->value, 4);
}

static void median_a(
	const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	(void)comparison;
	median(cell, SIDE_A, out);
}

static void median_b(
	const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	(void)comparison;
	median(cell, SIDE_B, out);
}

/* As many decimals for all, so that they can be read down the column. */
static void add_ratio(double value, struct text *out)
{
	if (value < 10)
		text_addf(out, "%.3f", value);
	else
		human_number(out, value, 4);
}

static void ratio(
	const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	(void)comparison;
	if (cell->ratio.known)
		add_ratio(cell->ratio.value, out);
}

static void interval(
	const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	(void)comparison;
	if (!cell->low.known)
		return;
	add_ratio(cell->low.value, out);
	text_add(out, "–");
	add_ratio(cell->high.value, out);
}

static void p(const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	(void)comparison;
	if (cell->p.known && cell->p.value < 0.001)
		text_add(out, "<0.001");
	else if (cell->p.known)
		text_addf(out, "%.3f", cell->p.value);
}

/* Where a side is not ok, what it is says more. */
static void verdict(
	const struct comparison *comparison, const struct compared *cell, struct text *out)
{
	const char *statuses[SIDES];
	for (int side = 0; side < SIDES; side++)
		statuses[side] =
			results_field(&comparison->sides[side]->summary, cell->row[side], "status");
	bool same = strcmp(statuses[SIDE_A], statuses[SIDE_B]) == 0;
	if (!same) {
		utf8_add_line(out, statuses[SIDE_A]);
		text_add(out, " → ");
		utf8_add_line(out, statuses[SIDE_B]);
	} else if (strcmp(statuses[SIDE_A], "ok") != 0) {
		utf8_add_line(out, statuses[SIDE_A]);
		text_add(out, " in both");
	} else if (cell->outcome == CELL_NOT_COMPARED)
		text_addf(out, "no %s", cell->column);
	else
		text_add(out, outcome_name(cell->outcome));
}

static const struct view front[] = {
	{"workload", TABLE_ALWAYS, true, "workload %s", .name = "workload"},
};
static const struct view back[] = {
	{"executor", TABLE_ALWAYS, true, "executor %s", .name = "executor"},
	{"workers", TABLE_ALWAYS, false, "workers %s", .name = "workers"},
	{"tasks", 70, false, "tasks %s", .name = "tasks"},
	{"runtime", 71, false, "runtime %s", .name = "runtime_s"},
	{"rate", 94, false, "rate %s", .name = "rate_per_s"},
	{"arrival", 72, true, "arrival %s", .name = "arrival"},
	{"figure", 60, true, "median %s", .text = figure_name},
	{"runs", 30, false, "runs %s", .text = runs},
	{"A", 80, .text = median_a},
	{"B", 81, .text = median_b},
	{"time B/A", 98, .text = ratio},
	{"95 %", 90, .text = interval},
	{"p", 40, .text = p},
	{"verdict", TABLE_ALWAYS, true, .text = verdict},
};

enum { FRONT = sizeof(front) / sizeof(front[0]), BACK = sizeof(back) / sizeof(back[0]) };

/* ---- the columns between them: what the plan varied ---- */

/* Is it said by the executor's name already? Then all rows with one name have one value. */
static bool follows_executor(const struct comparison *comparison, const char *name)
{
	const struct csv_table *summary = &comparison->sides[SIDE_B]->summary;
	for (size_t i = 0; i < comparison->count; i++) {
		size_t row = comparison->cells[i].row[SIDE_B], first = 0;
		const char *executor = results_field(summary, row, "executor");
		while (strcmp(
			results_field(summary, comparison->cells[first].row[SIDE_B], "executor"),
			executor))
			first++;
		if (strcmp(results_field(summary, comparison->cells[first].row[SIDE_B], name),
			    results_field(summary, row, name)))
			return false;
	}
	return true;
}

struct sweeps { /* columns of B's summary, from … to before */
	int first, end;
};

static struct sweeps sweeps_of(const struct comparison *comparison)
{
	const struct csv_table *summary = &comparison->sides[SIDE_B]->summary;
	struct sweeps sweeps = {
		results_column(summary, "tasks") + 1, results_column(summary, "status")};
	return sweeps;
}

static bool is_shown(const struct comparison *comparison, int column)
{
	return !follows_executor(comparison, comparison->sides[SIDE_B]->summary.fields[column]);
}

static void add_view_column(struct table *table, const struct view *view)
{
	table_column(table, view->title, view->keep, view->left);
}

static void add_columns(struct table *table, const struct comparison *comparison, const bool *shown)
{
	struct sweeps sweeps = sweeps_of(comparison);
	const char *const *names = comparison->sides[SIDE_B]->summary.fields;
	for (size_t i = 0; i < FRONT; i++)
		add_view_column(table, &front[i]);
	for (int i = sweeps.first; i < sweeps.end; i++)
		if (shown[i])
			table_column(table,
				arena_copy(&table->arena, names[i],
					strlen(names[i]) - strlen(suffix_of(names[i])->unit)),
				TABLE_ALWAYS, false);
	for (size_t i = 0; i < BACK; i++)
		add_view_column(table, &back[i]);
}

/* ---- rows ---- */

static enum table_style style_of(const struct compared *cell)
{
	if (outcome_is_worse(cell->outcome))
		return TABLE_RED;
	return cell->outcome == CELL_FASTER ? TABLE_BOLD : TABLE_PLAIN;
}

static void add_cell(struct table *table, const struct comparison *comparison,
	const struct compared *cell, const struct view *view)
{
	struct text text;
	text_init(&text);
	if (view->name)
		add_field(comparison, cell, view->name, &text);
	else
		view->text(comparison, cell, &text);
	bool judges = view->text == verdict || view->text == ratio;
	table_cell(table, text_get(&text), judges ? style_of(cell) : TABLE_PLAIN);
	text_release(&text);
}

static void add_row(struct table *table, const struct comparison *comparison,
	const struct compared *cell, const bool *shown)
{
	struct sweeps sweeps = sweeps_of(comparison);
	const char *const *names = comparison->sides[SIDE_B]->summary.fields;
	for (size_t i = 0; i < FRONT; i++)
		add_cell(table, comparison, cell, &front[i]);
	for (int i = sweeps.first; i < sweeps.end; i++)
		if (shown[i])
			add_cell(table, comparison, cell, &(struct view){.name = names[i]});
	for (size_t i = 0; i < BACK; i++)
		add_cell(table, comparison, cell, &back[i]);
}

static void hoist_one(struct table *table, const struct view *view, size_t column, size_t rows,
	struct text *constants)
{
	const char *same = table_constant(table, column);
	if (!view->constant || !same || !*same || (rows == 1 && view->keep == TABLE_ALWAYS))
		return;
	table->columns[column].hidden = true;
	text_add(constants, constants->length ? " · " : "");
	text_addf(constants, view->constant, same);
}

static void fill(struct table *table, const struct comparison *comparison, struct text *constants)
{
	struct sweeps sweeps = sweeps_of(comparison);
	bool *shown = memory_alloc(comparison->sides[SIDE_B]->summary.width * sizeof(*shown));
	for (int i = sweeps.first; i < sweeps.end; i++)
		shown[i] = is_shown(comparison, i);
	add_columns(table, comparison, shown);
	for (size_t i = 0; i < comparison->count; i++)
		add_row(table, comparison, &comparison->cells[i], shown);
	size_t behind = table->column_count - BACK;
	for (size_t i = 0; i < FRONT; i++)
		hoist_one(table, &front[i], i, comparison->count, constants);
	for (size_t i = 0; i < BACK; i++)
		hoist_one(table, &back[i], behind + i, comparison->count, constants);
	free(shown);
}

/* ---- the whole ---- */

void compare_table(const struct compare_view *view, struct text *out)
{
	const char *bold = view->colour ? "\033[1m" : "", *plain = view->colour ? "\033[0m" : "";
	struct table table;
	struct text constants, notes;
	table_init(&table);
	text_init(&constants);
	text_init(&notes);
	fill(&table, view->comparison, &constants);
	text_addf(out, "%sA%s  %s\n", bold, plain, view->comparison->sides[SIDE_A]->path);
	text_addf(out, "%sB%s  %s\n", bold, plain, view->comparison->sides[SIDE_B]->path);
	text_addf(out, "%s%s\n", text_get(&constants), constants.length ? "\n" : "");
	table_print(&table, view->width, view->colour, out);
	compare_notes(view, "note: ", &notes);
	text_addf(out, "\n%s", text_get(&notes));
	compare_sentence(view, out);
	text_release(&notes);
	text_release(&constants);
	table_release(&table);
}

void compare_markdown(const struct compare_view *view, struct text *out)
{
	struct table table;
	struct text constants, notes;
	table_init(&table);
	text_init(&constants);
	text_init(&notes);
	fill(&table, view->comparison, &constants);
	text_addf(out, "- A: `%s`\n- B: `%s`\n", view->comparison->sides[SIDE_A]->path,
		view->comparison->sides[SIDE_B]->path);
	if (constants.length)
		text_addf(out, "- %s\n", text_get(&constants));
	compare_notes(view, "- ", &notes);
	text_addf(out, "%s\n", text_get(&notes));
	table_markdown(&table, out);
	text_add(out, "\n");
	compare_sentence(view, out);
	text_release(&notes);
	text_release(&constants);
	table_release(&table);
}
