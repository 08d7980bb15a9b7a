/*
 * The sheets of a workbook that hold tables, a row of names first: figures are numbers in a form
 * that fits their unit, everything else is text.
 */
#ifndef REPORT_XLSX_SHEET_H
#define REPORT_XLSX_SHEET_H

#include "report/csv_read.h"
#include "report/fields.h"
#include "report/xlsx_library.h"

/* Rows of data that a sheet has at the most: beyond, a workbook would take gigabytes to write. */
enum { SHEET_MOST_ROWS = 20000 };

enum sheet_form { FORM_PLAIN, FORM_COUNT, FORM_SECONDS, FORM_RATE, FORM_RATIO, FORM_COUNT_OF };

struct book {
	lxw_workbook *workbook;
	lxw_format *header, *label, *wrapped; /* label: a header of several lines */
	lxw_format *forms[FORM_COUNT_OF];
	const struct session *session;
	const struct summary *summary;
	struct fields fields;
	struct csv_table runs; /* runs.csv, read back; of width 0 where it is too large */
	struct text scratch;
};

void book_init(struct book *book, lxw_workbook *workbook);

/* A number, where the text is one that a spreadsheet keeps exact; a truth; or text. */
void sheet_cell(struct book *book, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
	enum datum_kind kind, enum sheet_form form, const char *text);

/* The form of a column's figures, by its name. */
enum sheet_form sheet_form(const char *column);

void sheet_summary(struct book *book);
void sheet_runs(struct book *book);
void sheet_columns(struct book *book);
void sheet_chart(struct book *book);

#endif
