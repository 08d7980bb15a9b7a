/*
 * summary.csv: a row per experiment; and its copy that always has the newest figures. Only the copy
 * is written in another dialect: programs read the one, spreadsheets are linked to the other.
 */
#include "report/columns.h"
#include "report/extras.h"
#include "report/file.h"
#include "report/registry.h"

#include <stdlib.h>

static int add_rows(struct file *file, const struct summary *summary, struct columns *columns,
	struct csv_row *csv, struct err *err)
{
	columns_header(columns, COLUMNS_SUMMARY, csv);
	if (file_add(file, text_get(&csv->line), csv->line.length, err))
		return -1;
	for (uint32_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		struct cells cells = {
			.plan = summary->plan, .experiment = row->experiment, .row = row};
		columns_row(columns, COLUMNS_SUMMARY, &cells, csv);
		if (file_add(file, text_get(&csv->line), csv->line.length, err))
			return -1;
	}
	return 0;
}

static int write_summary(const char *path, enum csv_dialect dialect, const struct session *session,
	const struct summary *summary, struct err *err)
{
	struct file file;
	if (file_create(&file, path, err))
		return -1;
	struct columns columns;
	struct csv_row csv;
	columns_init(&columns, summary->plan);
	columns.added = &session->extras->added;
	csv_row_init(&csv);
	csv.dialect = dialect;
	int result = add_rows(&file, summary, &columns, &csv, err);
	if (result)
		file_abandon(&file);
	else
		result = file_commit(&file, err);
	csv_row_release(&csv);
	columns_release(&columns);
	return result;
}

static int begin(const struct session *session, void **state, struct err *err)
{
	(void)err;
	const struct session **kept = memory_alloc(sizeof(*kept));
	*kept = session;
	*state = kept;
	return 0;
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	const struct session *session = *(const struct session **)state;
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/summary.csv", session->folder);
	int result = write_summary(text_get(&path), DIALECT_COMMA, session, summary, err);
	if (!result)
		result =
			write_summary(session->latest_csv, session->dialect, session, summary, err);
	text_release(&path);
	return result;
}

const struct report report_summary_csv = {
	.name = "summary.csv",
	.summary = "a row per experiment, written at the end",
	.begin = begin,
	.finish = finish,
	.end = free,
};
