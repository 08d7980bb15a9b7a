/* The cells of a comparison as CSV: what they are as B's summary has it, then the figures. */
#include "report/csv.h"
#include "review/compare_view.h"

#include <string.h>

/* The columns of a summary that say what a cell is; between `tasks` and `status` stand those that
 * the plan varied. */
static const char *const before[] = {
	"scenario", "experiment", "workload", "type", "executor", "workers", "tasks", NULL};
static const char *const behind[] = {"runtime_s", "rate_per_s", "arrival", NULL};
static const char *const figures[] = {"figure", "status_a", "status_b", "runs_a", "runs_b",
	"median_a", "median_b", "time_ratio", "time_ratio_ci_low", "time_ratio_ci_high",
	"p_adjusted", "verdict", NULL};

typedef void add_name(
	struct csv_row *csv, const struct csv_table *table, size_t row, const char *name);

static void add_title(
	struct csv_row *csv, const struct csv_table *table, size_t row, const char *name)
{
	(void)table, (void)row;
	csv_row_text(csv, name);
}

/* As it was written: it is safe in a spreadsheet already. */
static void add_value(
	struct csv_row *csv, const struct csv_table *table, size_t row, const char *name)
{
	csv_row_field(csv, results_field(table, row, name));
}

static void add_identity(
	struct csv_row *csv, const struct csv_table *table, size_t row, add_name *add)
{
	int first = results_column(table, "tasks") + 1, end = results_column(table, "status");
	for (const char *const *name = before; *name; name++)
		add(csv, table, row, *name);
	for (int i = first; first > 0 && i < end; i++)
		add(csv, table, row, table->fields[i]);
	for (const char *const *name = behind; *name; name++)
		add(csv, table, row, *name);
}

static void add_figure(struct csv_row *csv, const struct figure *figure)
{
	struct text text;
	text_init(&text);
	if (figure->known)
		csv_ratio(&text, figure->value);
	csv_row_field(csv, text_get(&text));
	text_release(&text);
}

static void add_count(struct csv_row *csv, size_t count)
{
	struct text text;
	text_init(&text);
	text_addf(&text, "%zu", count);
	csv_row_field(csv, text_get(&text));
	text_release(&text);
}

static void add_figures(
	struct csv_row *csv, const struct comparison *comparison, const struct compared *cell)
{
	csv_row_field(csv, cell->column);
	for (int side = 0; side < SIDES; side++)
		add_value(csv, &comparison->sides[side]->summary, cell->row[side], "status");
	for (int side = 0; side < SIDES; side++)
		add_count(csv, cell->runs[side]);
	for (int side = 0; side < SIDES; side++)
		add_figure(csv, &cell->median[side]);
	add_figure(csv, &cell->ratio);
	add_figure(csv, &cell->low);
	add_figure(csv, &cell->high);
	add_figure(csv, &cell->p);
	csv_row_field(csv, outcome_name(cell->outcome));
}

void compare_csv(const struct compare_view *view, struct text *out)
{
	const struct comparison *comparison = view->comparison;
	const struct csv_table *summary = &comparison->sides[SIDE_B]->summary;
	struct csv_row csv;
	csv_row_init(&csv);
	add_identity(&csv, summary, 0, add_title);
	for (const char *const *name = figures; *name; name++)
		csv_row_field(&csv, *name);
	csv_row_end(&csv);
	text_add(out, text_get(&csv.line));
	for (size_t i = 0; i < comparison->count; i++) {
		csv_row_clear(&csv);
		add_identity(&csv, summary, comparison->cells[i].row[SIDE_B], add_value);
		add_figures(&csv, comparison, &comparison->cells[i]);
		csv_row_end(&csv);
		text_add(out, text_get(&csv.line));
	}
	csv_row_release(&csv);
}
