/* The sheets `summary` and `runs`, and what all sheets share. */
#include "base/optional.h"

#ifdef CONRUN_LIBXLSXWRITER
#include "report/utf8.h"
#include "report/xlsx_sheet.h"

#include <stdlib.h>
#include <string.h>

/* Spreadsheets keep 15 significant digits of a number. */
enum { EXACT_DIGITS = 15, LONGEST_TEXT = 32767, NARROWEST = 9, WIDEST = 48, WIDTHS_FROM = 200 };

void book_init(struct book *book, lxw_workbook *workbook)
{
	static const char *const forms[FORM_COUNT_OF] = {
		[FORM_COUNT] = "#,##0",
		[FORM_SECONDS] = "0.000000",
		[FORM_RATE] = "#,##0.00",
		[FORM_RATIO] = "0.000",
	};
	book->workbook = workbook;
	for (size_t i = 0; i < FORM_COUNT_OF; i++) {
		book->forms[i] = xlsx.workbook_add_format(workbook);
		if (forms[i])
			xlsx.format_set_num_format(book->forms[i], forms[i]);
	}
	book->header = xlsx.workbook_add_format(workbook);
	xlsx.format_set_bold(book->header);
	book->label = xlsx.workbook_add_format(workbook);
	xlsx.format_set_bold(book->label);
	xlsx.format_set_text_wrap(book->label);
	xlsx.format_set_align(book->label, LXW_ALIGN_VERTICAL_TOP);
	book->wrapped = xlsx.workbook_add_format(workbook);
	xlsx.format_set_text_wrap(book->wrapped);
	xlsx.format_set_align(book->wrapped, LXW_ALIGN_VERTICAL_TOP);
}

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);
	return length >= tail && strcmp(name + length - tail, end) == 0;
}

enum sheet_form sheet_form(const char *name)
{
	static const struct {
		const char *end; /* of the name; the first that fits */
		enum sheet_form form;
	} forms[] = {
		{"_per_s", FORM_RATE},
		{"_s", FORM_SECONDS},
		{"_bytes", FORM_COUNT},
		{"_share", FORM_RATIO},
		{"speedup", FORM_RATIO},
		{"efficiency", FORM_RATIO},
		{"workers", FORM_COUNT},
		{"tasks", FORM_COUNT},
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (ends_with(name, forms[i].end))
			return forms[i].form;
	for (const struct column *column = column_table; column->name || column->group; column++)
		if (column->name && strcmp(column->name, name) == 0 &&
			strcmp(column->unit, "count") == 0)
			return FORM_COUNT;
	return FORM_PLAIN;
}

static bool is_exact(const char *number)
{
	size_t digits = 0;
	for (; *number; number++)
		digits += *number >= '0' && *number <= '9';
	return digits <= EXACT_DIGITS;
}

static void write_text(lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column, const char *from)
{
	struct text text;
	text_init(&text);
	utf8_add(&text, from);
	if (utf8_width(text_get(&text)) > LONGEST_TEXT)
		text.bytes[utf8_bytes(text_get(&text), LONGEST_TEXT)] = '\0';
	xlsx.worksheet_write_string(sheet, row, column, text_get(&text), NULL);
	text_release(&text);
}

void sheet_cell(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
	enum datum_kind kind, enum sheet_form form, const char *text)
{
	if (!*text)
		return;
	if (kind == DATUM_NUMBER && csv_is_number(text) && is_exact(text))
		xlsx.worksheet_write_number(
			sheet, row, column, strtod(text, NULL), book->forms[form]);
	else if (kind == DATUM_BOOL)
		xlsx.worksheet_write_boolean(sheet, row, column, *text == 't', NULL);
	else
		write_text(sheet, row, column, text);
}

/* ---- a table ---- */

/* What a cell holds, and of which kind; row 0 is the first of data. The text lives until the next
 * call. */
typedef enum datum_kind table_cell(struct book *book, size_t row, size_t column, const char **text);

struct sheet_table {
	const char *name;
	size_t rows, columns;
	const char *(*title)(const struct book *book, size_t column);
	table_cell *cell;
};

static void set_width(
	struct book *book, lxw_worksheet *sheet, const struct sheet_table *table, size_t column)
{
	/* With room for the button that every header of a table has. */
	size_t width = strlen(table->title(book, column)) + 3;
	for (size_t row = 0; row < table->rows && row < WIDTHS_FROM; row++) {
		const char *text;
		bool number = table->cell(book, row, column, &text) == DATUM_NUMBER;
		size_t needed = number ? 0 : utf8_width(text);
		width = needed > width ? needed : width;
	}
	width = width < NARROWEST ? NARROWEST : width > WIDEST ? WIDEST : width;
	xlsx.worksheet_set_column(
		sheet, (lxw_col_t)column, (lxw_col_t)column, (double)width + 1, NULL);
}

/* The header belongs to the table, which sorts and filters; one without rows is no table. */
static void add_header(struct book *book, lxw_worksheet *sheet, const struct sheet_table *table)
{
	lxw_table_column *columns = memory_alloc(table->columns * sizeof(*columns));
	lxw_table_column **list = memory_alloc((table->columns + 1) * sizeof(*list));
	for (size_t i = 0; i < table->columns; i++) {
		const char *title = table->title(book, i);
		columns[i].header = (char *)title;
		columns[i].header_format = book->header;
		list[i] = &columns[i];
		if (!table->rows)
			xlsx.worksheet_write_string(sheet, 0, (lxw_col_t)i, title, book->header);
	}
	lxw_table_options options = {.name = (char *)table->name, .columns = list};
	if (table->rows)
		xlsx.worksheet_add_table(sheet, 0, 0, (lxw_row_t)table->rows,
			(lxw_col_t)(table->columns - 1), &options);
	free(columns);
	free(list);
}

static void write_table(struct book *book, const struct sheet_table *table)
{
	lxw_worksheet *sheet = xlsx.workbook_add_worksheet(book->workbook, table->name);
	add_header(book, sheet, table);
	for (size_t column = 0; column < table->columns; column++) {
		enum sheet_form form = sheet_form(table->title(book, column));
		set_width(book, sheet, table, column);
		for (size_t row = 0; row < table->rows; row++) {
			const char *text;
			enum datum_kind kind = table->cell(book, row, column, &text);
			sheet_cell(book, sheet, (lxw_row_t)row + 1, (lxw_col_t)column, kind, form,
				text);
		}
	}
	xlsx.worksheet_freeze_panes(sheet, 1, 0);
}

static size_t at_most(size_t rows)
{
	return rows < SHEET_MOST_ROWS ? rows : SHEET_MOST_ROWS;
}

/* ---- summary ---- */

static const char *summary_title(const struct book *book, size_t column)
{
	return book->fields.items[column].name;
}

static enum datum_kind summary_cell(struct book *book, size_t row, size_t column, const char **text)
{
	const struct summary_row *of = &book->summary->rows[row];
	enum datum_kind kind = fields_get(&book->fields, column, of, &book->scratch);
	*text = text_get(&book->scratch);
	return kind;
}

void sheet_summary(struct book *book)
{
	const struct sheet_table table = {"summary", at_most(book->summary->count),
		book->fields.count, summary_title, summary_cell};
	write_table(book, &table);
}

/* ---- runs ---- */

static const char *runs_title(const struct book *book, size_t column)
{
	return book->runs.fields[column];
}

/* Columns of the same name are of the same kind in both files. */
static enum datum_kind runs_kind(struct book *book, const char *name)
{
	const char *ignored;
	int field = fields_find(&book->fields, name);
	if (field != FIELD_NONE)
		return summary_cell(book, 0, (size_t)field, &ignored);
	return strcmp(name, "round") == 0 ? DATUM_NUMBER : DATUM_TEXT;
}

/* A workbook's text is never taken for a formula, so it needs no guard. */
static enum datum_kind runs_cell(struct book *book, size_t row, size_t column, const char **text)
{
	const char *cell = book->runs.fields[(row + 1) * book->runs.width + column];
	*text = *cell == '\'' && *csv_formula_guard(cell + 1) ? cell + 1 : cell;
	return runs_kind(book, runs_title(book, column));
}

void sheet_runs(struct book *book)
{
	const struct sheet_table table = {
		"runs", at_most(book->runs.row_count), book->runs.width, runs_title, runs_cell};
	if (table.columns)
		write_table(book, &table);
}
#endif
