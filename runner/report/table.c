/* Aligned tables. Widths are counted in code points. */
#include "report/table.h"

#include "report/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2, LEFT_MOST = 40, LEFT_LEAST = 10 };

struct table_cell {
	const char *text;
	enum table_style style;
};

/* What a column takes: a number is `number` wide up to the space before its unit. */
struct extent {
	size_t number, unit, total;
};

void table_init(struct table *table)
{
	*table = (struct table){.columns = NULL};
	arena_init(&table->arena);
}

void table_release(struct table *table)
{
	free(table->columns);
	free(table->cells);
	arena_release(&table->arena);
}

void table_column(struct table *table, const char *title, int keep, bool left)
{
	table->columns = memory_grow(table->columns, table->column_count,
		&table->column_capacity, sizeof(*table->columns));
	table->columns[table->column_count++] =
		(struct table_column){.title = title, .keep = keep, .left = left};
}

void table_cell(struct table *table, const char *text, enum table_style style)
{
	table->cells = memory_grow(
		table->cells, table->cell_count, &table->cell_capacity, sizeof(*table->cells));
	table->cells[table->cell_count++] =
		(struct table_cell){arena_text(&table->arena, text), style};
}

static const struct table_cell *cell_at(const struct table *table, size_t row, size_t column)
{
	return &table->cells[row * table->column_count + column];
}

size_t table_rows(const struct table *table)
{
	return table->cell_count / table->column_count;
}

const char *table_text(const struct table *table, size_t row, size_t column)
{
	return cell_at(table, row, column)->text;
}

enum table_style table_style_at(const struct table *table, size_t row, size_t column)
{
	return cell_at(table, row, column)->style;
}

const char *table_constant(const struct table *table, size_t column)
{
	for (size_t row = 1; row < table_rows(table); row++)
		if (strcmp(cell_at(table, row, column)->text, cell_at(table, 0, column)->text))
			return NULL;
	return table->cell_count ? cell_at(table, 0, column)->text : NULL;
}

static size_t number_width(const char *text)
{
	const char *space = strrchr(text, ' ');
	return space ? utf8_width(text) - utf8_width(space) : utf8_width(text);
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static struct extent measure(const struct table *table, size_t column)
{
	struct extent extent = {0};
	bool left = table->columns[column].left;
	for (size_t row = 0; row < table_rows(table); row++) {
		const char *text = cell_at(table, row, column)->text;
		size_t width = utf8_width(text), number = left ? width : number_width(text);
		extent.number = larger(extent.number, number);
		extent.unit = larger(extent.unit, width - number);
	}
	extent.total = extent.number + extent.unit;
	if (extent.total > 0)
		extent.total = larger(extent.total, utf8_width(table->columns[column].title));
	return extent;
}

static size_t total_width(const struct table *table, const struct extent *extents)
{
	size_t total = 0;
	for (size_t i = 0; i < table->column_count; i++)
		if (!table->columns[i].hidden)
			total += extents[i].total + GAP;
	return total > GAP ? total - GAP : 0;
}

static struct table_column *least_important(struct table *table)
{
	struct table_column *least = NULL;
	for (size_t i = 0; i < table->column_count; i++) {
		struct table_column *column = &table->columns[i];
		if (!column->hidden && column->keep < TABLE_ALWAYS &&
			(!least || column->keep <= least->keep))
			least = column;
	}
	return least;
}

/* The widest column of words gives up one place at a time. */
static bool shrink(const struct table *table, struct extent *extents)
{
	struct extent *widest = NULL;
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].left && !table->columns[i].hidden &&
			extents[i].total > LEFT_LEAST &&
			(!widest || extents[i].total > widest->total))
			widest = &extents[i];
	if (widest)
		widest->total--;
	return widest != NULL;
}

static void cap_words(const struct table *table, struct extent *extents)
{
	for (size_t i = 0; i < table->column_count; i++)
		if (table->columns[i].left && extents[i].total > LEFT_MOST)
			extents[i].total = LEFT_MOST;
}

static void fit(struct table *table, struct extent *extents, size_t width)
{
	struct table_column *least;
	for (size_t i = 0; i < table->column_count; i++) {
		extents[i] = measure(table, i);
		table->columns[i].hidden |= extents[i].total == 0;
	}
	if (total_width(table, extents) > width)
		cap_words(table, extents);
	while (total_width(table, extents) > width && (least = least_important(table)))
		least->hidden = true;
	while (total_width(table, extents) > width && shrink(table, extents))
		;
}

static void add_spaces(struct text *out, size_t count)
{
	text_addf(out, "%*s", (int)count, "");
}

static void add_left(struct text *out, const char *text, size_t width)
{
	size_t own = utf8_width(text);
	if (own <= width) {
		text_add(out, text);
		add_spaces(out, width - own);
		return;
	}
	text_add_bytes(out, text, utf8_bytes(text, width - 1));
	text_add(out, "…");
}

static void add_number(struct text *out, const char *text, const struct extent *extent)
{
	size_t number = number_width(text), unit = utf8_width(text) - number;
	add_spaces(out, extent->total - extent->unit - number);
	text_add(out, text);
	add_spaces(out, extent->unit - unit);
}

static void add_styled(const struct table_column *column, const struct table_cell *cell,
	const struct extent *extent, bool colour, struct text *out)
{
	static const char *const styles[] = {
		[TABLE_PLAIN] = "", [TABLE_BOLD] = "\033[1m", [TABLE_RED] = "\033[31m"};
	const char *style = colour ? styles[cell->style] : "";
	text_add(out, style);
	if (column->left)
		add_left(out, cell->text, extent->total);
	else
		add_number(out, cell->text, extent);
	text_add(out, *style ? "\033[0m" : "");
}

static void trim_line(struct text *out)
{
	while (out->length > 0 && out->bytes[out->length - 1] == ' ')
		out->bytes[--out->length] = '\0';
	text_add(out, "\n");
}

static void print_titles(
	const struct table *table, const struct extent *extents, struct text *out)
{
	const char *gap = "";
	for (size_t i = 0; i < table->column_count; i++) {
		const struct table_column *column = &table->columns[i];
		if (column->hidden)
			continue;
		text_add(out, gap);
		size_t own = utf8_width(column->title);
		if (!column->left)
			add_spaces(out, extents[i].total - own);
		add_left(out, column->title, column->left ? extents[i].total : own);
		gap = "  ";
	}
	trim_line(out);
}

void table_print(struct table *table, size_t width, bool colour, struct text *out)
{
	struct extent *extents = memory_alloc(table->column_count * sizeof(*extents));
	fit(table, extents, width);
	print_titles(table, extents, out);
	for (size_t row = 0; row < table_rows(table); row++) {
		const char *gap = "";
		for (size_t i = 0; i < table->column_count; i++) {
			if (table->columns[i].hidden)
				continue;
			text_add(out, gap);
			add_styled(&table->columns[i], cell_at(table, row, i), &extents[i],
				colour, out);
			gap = "  ";
		}
		trim_line(out);
	}
	free(extents);
}

/* ---- Markdown ---- */

/* What would end the cell or begin a mark of its own is written so that it does not. */
static void add_escaped(struct text *out, const char *text)
{
	for (; *text; text++)
		if (*text == '\n' || *text == '\r')
			text_add(out, " ");
		else
			text_addf(out, "%s%c", strchr("|*_`<>[]\\", *text) ? "\\" : "", *text);
}

static void add_markdown_row(
	const struct table *table, const bool *shown, size_t row, struct text *out)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (!shown[i])
			continue;
		text_add(out, "| ");
		add_escaped(out, cell_at(table, row, i)->text);
		text_add(out, " ");
	}
	text_add(out, "|\n");
}

static void add_markdown_titles(const struct table *table, const bool *shown, struct text *out)
{
	for (size_t i = 0; i < table->column_count; i++) {
		if (!shown[i])
			continue;
		text_add(out, "| ");
		add_escaped(out, table->columns[i].title);
		text_add(out, " ");
	}
	text_add(out, "|\n");
	for (size_t i = 0; i < table->column_count; i++)
		if (shown[i])
			text_add(out, table->columns[i].left ? "| --- " : "| ---: ");
	text_add(out, "|\n");
}

void table_markdown(const struct table *table, struct text *out)
{
	bool *shown = memory_alloc(table->column_count * sizeof(*shown));
	for (size_t i = 0; i < table->column_count; i++)
		shown[i] = !table->columns[i].hidden && measure(table, i).total > 0;
	add_markdown_titles(table, shown, out);
	for (size_t row = 0; row < table_rows(table); row++)
		add_markdown_row(table, shown, row, out);
	free(shown);
}
