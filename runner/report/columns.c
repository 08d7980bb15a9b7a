/* The lines of summary.csv and runs.csv, column by column from the table. */
#include "report/columns.h"

#include <stdlib.h>
#include <string.h>

static bool table_ends(const struct column *column)
{
	return !column->name && column->group == COLUMN_ONE;
}

static void add_metrics(struct columns *columns, const struct metric *metrics, size_t *capacity)
{
	for (const struct metric *metric = metrics; metric && metric->name; metric++) {
		bool known = false;
		for (size_t i = 0; i < columns->metric_count; i++)
			known |= strcmp(columns->metrics[i]->name, metric->name) == 0;
		if (known)
			continue;
		columns->metrics = memory_grow(columns->metrics, columns->metric_count,
			capacity, sizeof(const struct metric *));
		columns->metrics[columns->metric_count++] = metric;
	}
}

static bool plan_uses(const struct plan *plan, const struct workload *type)
{
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		if (plan->experiments[i].workload->type == type)
			return true;
	return false;
}

/* Is the option on without which this executor has no metrics? */
static bool has_metrics(const struct executor_variant *variant)
{
	const struct executor *type = variant->type;
	if (!type->metrics_option)
		return true;
	const struct option *option = option_find(type->options, type->metrics_option);
	return variant->values[option - type->options].integer != 0;
}

static bool plan_measures(const struct plan *plan, const struct executor *type)
{
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		if (plan->experiments[i].executor->type == type &&
			has_metrics(plan->experiments[i].executor))
			return true;
	return false;
}

void columns_init(struct columns *columns, const struct plan *plan)
{
	size_t capacity = 0;
	*columns = (struct columns){.plan = plan};
	for (const struct workload *const *type = workload_registry(); *type; type++)
		if ((*type)->metrics && plan_uses(plan, *type))
			add_metrics(columns, (*type)->metrics, &capacity);
	const struct workload *seen = NULL;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct workload *type = plan->experiments[i].workload->type;
		if (type->source && type != seen)
			add_metrics(columns, type->metrics, &capacity);
		seen = type;
	}
	for (const struct executor *const *type = executor_registry; *type; type++)
		if ((*type)->metrics && plan_measures(plan, *type))
			add_metrics(columns, (*type)->metrics, &capacity);
}

void columns_release(struct columns *columns)
{
	free(columns->metrics);
}

static int place_of(const struct metric *table, const struct metric *metric)
{
	for (int i = 0; table && table[i].name; i++)
		if (strcmp(table[i].name, metric->name) == 0)
			return i;
	return -1;
}

static struct figure of_workload(const struct cells *cells, int place)
{
	if (cells->row)
		return cells->row->metrics[place];
	const struct result *result = cells->event->result;
	return (struct figure){result->metrics_known, result->metrics[place]};
}

static struct figure of_executor(const struct cells *cells, int place)
{
	if (cells->row)
		return cells->row->executor_metrics[place];
	const struct result *result = cells->event->result;
	bool known = result->executor_metrics_known & 1u << place;
	return (struct figure){known, result->executor_metrics[place]};
}

struct figure columns_metric(const struct cells *cells, const struct metric *metric)
{
	int place = place_of(cells->experiment->workload->type->metrics, metric);
	if (place >= 0)
		return of_workload(cells, place);
	place = place_of(cells->experiment->executor->type->metrics, metric);
	return place >= 0 ? of_executor(cells, place) : (struct figure){0};
}

static void header_group(
	const struct columns *columns, const struct column *column, struct csv_row *csv)
{
	if (column->group == COLUMN_SWEEPS)
		for (size_t i = 0; i < columns->plan->sweep_count; i++)
			csv_row_field(csv, columns->plan->sweeps[i].column);
	if (column->group == COLUMN_METRICS)
		for (size_t i = 0; i < columns->metric_count; i++)
			csv_row_field(csv, columns->metrics[i]->name);
	if (column->group == COLUMN_ADDED && columns->added)
		for (size_t i = 0; i < columns->added->count; i++)
			csv_row_field(csv, columns->added->columns[i].name);
}

void columns_header(const struct columns *columns, enum columns_file file, struct csv_row *csv)
{
	csv_row_clear(csv);
	for (const struct column *column = column_table; !table_ends(column); column++)
		if (column->group != COLUMN_ONE)
			header_group(columns, column, csv);
		else if (column->in[file].get)
			csv_row_field(csv, column->name);
	csv_row_end(csv);
}

static void add_sweep(const struct cells *cells, const struct sweep *sweep, struct text *cell,
	struct csv_row *csv)
{
	union value value;
	text_clear(cell);
	if (plan_sweep_value(cells->experiment, sweep, &value))
		option_csv(sweep->option, value, cell);
	bool own = sweep->option->type != OPTION_TEXT && !sweep->option->list;
	(own ? csv_row_field : csv_row_text)(csv, text_get(cell));
}

static void add_metric(const struct cells *cells, const struct metric *metric,
	struct text *cell, struct csv_row *csv)
{
	text_clear(cell);
	struct figure figure = columns_metric(cells, metric);
	if (figure.known)
		option_format_number(figure.value, cell);
	csv_row_field(csv, text_get(cell));
}

static void add_added(const struct added *added, const struct cells *cells, struct csv_row *csv)
{
	uint32_t row = (uint32_t)(cells->experiment - cells->plan->experiments);
	for (size_t i = 0; i < added->count; i++) {
		struct added_cell cell = added_get(added, row, i);
		(cell.kind == DATUM_TEXT ? csv_row_text : csv_row_field)(csv, cell.text);
	}
}

static void row_group(const struct columns *columns, const struct column *column,
	const struct cells *cells, struct text *cell, struct csv_row *csv)
{
	if (column->group == COLUMN_SWEEPS)
		for (size_t i = 0; i < columns->plan->sweep_count; i++)
			add_sweep(cells, &columns->plan->sweeps[i], cell, csv);
	if (column->group == COLUMN_METRICS)
		for (size_t i = 0; i < columns->metric_count; i++)
			add_metric(cells, columns->metrics[i], cell, csv);
	if (column->group == COLUMN_ADDED && columns->added)
		add_added(columns->added, cells, csv);
}

void columns_row(const struct columns *columns, enum columns_file file,
	const struct cells *cells, struct csv_row *csv)
{
	struct text cell;
	text_init(&cell);
	csv_row_clear(csv);
	for (const struct column *column = column_table; !table_ends(column); column++) {
		if (column->group != COLUMN_ONE)
			row_group(columns, column, cells, &cell, csv);
		if (!column->in[file].get)
			continue;
		text_clear(&cell);
		column->in[file].get(cells, column->in[file].at, &cell);
		(column->text ? csv_row_text : csv_row_field)(csv, text_get(&cell));
	}
	csv_row_end(csv);
	text_release(&cell);
}
