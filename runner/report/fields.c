#include "report/fields.h"

#include <stdlib.h>
#include <string.h>

static void add(struct fields *fields, struct field field)
{
	fields->items = memory_grow(
		fields->items, fields->count, &fields->capacity, sizeof(*fields->items));
	fields->items[fields->count++] = field;
}

static void add_group(struct fields *fields, enum column_group group)
{
	const struct plan *plan = fields->plan;
	if (group == COLUMN_SWEEPS)
		for (size_t i = 0; i < plan->sweep_count; i++)
			add(fields, (struct field){.name = plan->sweeps[i].column,
					    .sweep = &plan->sweeps[i]});
	if (group == COLUMN_METRICS)
		for (size_t i = 0; i < fields->columns.metric_count; i++)
			add(fields, (struct field){.name = fields->columns.metrics[i]->name,
					    .metric = fields->columns.metrics[i]});
}

static bool is_added(const struct field *field)
{
	return !field->column && !field->sweep && !field->metric;
}

void fields_init(struct fields *fields, const struct plan *plan, const struct added *added)
{
	*fields = (struct fields){.plan = plan, .added = added};
	columns_init(&fields->columns, plan);
	for (const struct column *column = column_table; column->name || column->group; column++)
		if (column->group != COLUMN_ONE)
			add_group(fields, column->group);
		else if (column->in[COLUMNS_SUMMARY].get)
			add(fields, (struct field){.name = column->name, .column = column});
	fields_update(fields);
}

void fields_update(struct fields *fields)
{
	while (fields->count > 0 && is_added(&fields->items[fields->count - 1]))
		fields->count--;
	for (size_t i = 0; i < fields->added->count; i++)
		add(fields, (struct field){.name = fields->added->columns[i].name, .added = i});
}

void fields_release(struct fields *fields)
{
	columns_release(&fields->columns);
	free(fields->items);
}

int fields_find(const struct fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++)
		if (strcmp(fields->items[i].name, name) == 0)
			return (int)i;
	return FIELD_NONE;
}

static enum datum_kind sweep_kind(const struct sweep *sweep)
{
	enum option_type type = sweep->option->type;
	if (sweep->option->list || type == OPTION_TEXT || type == OPTION_ENUM)
		return DATUM_TEXT;
	return type == OPTION_BOOL ? DATUM_BOOL : DATUM_NUMBER;
}

bool fields_kind(const struct fields *fields, size_t at, enum datum_kind *kind)
{
	const struct field *field = &fields->items[at];
	*kind = DATUM_NUMBER;
	if (field->sweep)
		*kind = sweep_kind(field->sweep);
	else if (field->column && !*field->column->unit) /* whatever has a unit is a number */
		*kind = DATUM_TEXT;
	return field->sweep || field->metric || field->column;
}

static void get_sweep(const struct sweep *sweep, const struct cells *cells, struct text *out)
{
	union value value;
	if (plan_sweep_value(cells->experiment, sweep, &value))
		option_csv(sweep->option, value, out);
}

static void get_metric(const struct metric *metric, const struct cells *cells, struct text *out)
{
	struct figure figure = columns_metric(cells, metric);
	if (figure.known)
		option_format_number(figure.value, out);
}

static void get_column(const struct column *column, const struct cells *cells, struct text *out)
{
	column->in[COLUMNS_SUMMARY].get(cells, column->in[COLUMNS_SUMMARY].at, out);
}

enum datum_kind fields_get(
	const struct fields *fields, size_t at, const struct summary_row *row, struct text *out)
{
	const struct field *field = &fields->items[at];
	const struct cells cells = {
		.plan = fields->plan, .experiment = row->experiment, .row = row};
	enum datum_kind kind;
	text_clear(out);
	if (field->sweep)
		get_sweep(field->sweep, &cells, out);
	else if (field->metric)
		get_metric(field->metric, &cells, out);
	else if (field->column)
		get_column(field->column, &cells, out);
	if (fields_kind(fields, at, &kind))
		return kind;
	uint32_t index = (uint32_t)(row->experiment - fields->plan->experiments);
	struct added_cell cell = added_get(fields->added, index, field->added);
	text_add(out, cell.text);
	return cell.kind;
}
