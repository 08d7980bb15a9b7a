/* The sheet `columns`: what the columns of the other sheets mean. */
#include "base/optional.h"

#ifdef CONRUN_LIBXLSXWRITER
#include "report/xlsx_sheet.h"

#include <inttypes.h>

enum { NAME, UNIT, MEANING, SOURCE, PARTS };

struct dictionary {
	struct book *book;
	lxw_worksheet *sheet;
	lxw_row_t row;
};

static void add_line(struct dictionary *dictionary, const char *const *parts)
{
	for (lxw_col_t i = 0; i < PARTS; i++)
		xlsx.worksheet_write_string(
			dictionary->sheet, dictionary->row, i, parts[i], dictionary->book->wrapped);
	dictionary->row++;
}

static void add_group(struct dictionary *dictionary, enum column_group group)
{
	const struct book *book = dictionary->book;
	const struct plan *plan = book->summary->plan;
	const struct columns *columns = &book->fields.columns;
	for (size_t i = 0; group == COLUMN_SWEEPS && i < plan->sweep_count; i++)
		add_line(dictionary, (const char *const[]){plan->sweeps[i].column, "",
					     plan->sweeps[i].option->help, "the scenario"});
	for (size_t i = 0; group == COLUMN_METRICS && i < columns->metric_count; i++)
		add_line(dictionary,
			(const char *const[]){columns->metrics[i]->name, "",
				columns->metrics[i]->help, "the workload or the executor"});
	for (size_t i = 0; group == COLUMN_ADDED && i < book->fields.added->count; i++) {
		const struct added_column *added = &book->fields.added->columns[i];
		add_line(dictionary, (const char *const[]){added->name, "", added->help, "a hook"});
	}
}

/* What a sheet leaves out is said where its columns are explained. */
static void add_note(struct dictionary *dictionary)
{
	const struct book *book = dictionary->book;
	const uint64_t rows[] = {book->summary->count, book->runs.row_count};
	static const char *const names[] = {"summary", "runs"};
	struct text note;
	text_init(&note);
	for (size_t i = 0; i < 2; i++) {
		if (rows[i] <= SHEET_MOST_ROWS)
			continue;
		text_clear(&note);
		text_addf(&note, "the sheet has the first %d rows of %" PRIu64 "; %s.csv has all",
			SHEET_MOST_ROWS, rows[i], names[i]);
		add_line(dictionary, (const char *const[]){names[i], "", text_get(&note), ""});
	}
	if (!book->runs.width)
		add_line(dictionary, (const char *const[]){"runs", "",
					     "there is no such sheet; runs.csv has all", ""});
	text_release(&note);
}

void sheet_columns(struct book *book)
{
	static const char *const titles[PARTS] = {"column", "unit", "meaning", "source"};
	static const double widths[PARTS] = {24, 16, 80, 40};
	struct dictionary dictionary = {book, NULL, 1};
	dictionary.sheet = xlsx.workbook_add_worksheet(book->workbook, "columns");
	for (lxw_col_t i = 0; i < PARTS; i++) {
		xlsx.worksheet_write_string(dictionary.sheet, 0, i, titles[i], book->header);
		xlsx.worksheet_set_column(dictionary.sheet, i, i, widths[i], NULL);
	}
	for (const struct column *column = column_table; column->name || column->group; column++)
		if (column->group != COLUMN_ONE)
			add_group(&dictionary, column->group);
		else
			add_line(&dictionary, (const char *const[]){column->name, column->unit,
						      column->meaning, column->source});
	add_note(&dictionary);
	xlsx.worksheet_freeze_panes(dictionary.sheet, 1, 0);
}
#endif
