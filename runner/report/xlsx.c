/*
 * summary.xlsx: the summary, the runs, what their columns mean, and a chart. Written in a process
 * of its own, as the library that makes it must not stay in the program.
 */
#include "report/xlsx.h"

#include "base/library.h"
#include "base/optional.h"
#include "report/registry.h"

#ifdef CONRUN_LIBXLSXWRITER
#include "base/apart.h"
#include "report/extras.h"
#include "report/file.h"
#include "report/xlsx_sheet.h"

#include <stdlib.h>

struct writing {
	const struct session *session;
	const struct summary *summary;
	const char *path;
};

static void add_sheets(struct book *book, struct arena *arena)
{
	struct err ignored;
	const char *runs = arena_format(arena, "%s/runs.csv", book->session->folder);
	fields_init(&book->fields, book->summary->plan, &book->session->extras->added);
	text_init(&book->scratch);
	/* A file beyond what is read is left out, which the sheet `columns` then says. */
	if (csv_read(&book->runs, runs, arena, &ignored))
		book->runs.width = 0;
	sheet_summary(book);
	sheet_runs(book);
	sheet_columns(book);
	sheet_chart(book);
	text_release(&book->scratch);
	fields_release(&book->fields);
}

static lxw_error make(struct writing *writing, const char *path)
{
	struct arena arena;
	arena_init(&arena);
	struct book book = {.session = writing->session, .summary = writing->summary};
	const struct scenario *scenario = writing->summary->plan->scenario;
	lxw_doc_properties properties = {.title = (char *)scenario->name,
		.subject = (char *)scenario->description,
		.company = "",
		.comments = "Made by conrun"};
	book_init(&book, xlsx.workbook_new(path));
	xlsx.workbook_set_properties(book.workbook, &properties);
	add_sheets(&book, &arena);
	lxw_error error = xlsx.workbook_close(book.workbook);
	arena_release(&arena);
	return error;
}

/* The library writes into the file that is put in its place when it is whole. */
static int write_book(void *arg, struct err *err)
{
	struct writing *writing = arg;
	struct file file;
	if (xlsx_library_open(err) || file_create(&file, writing->path, err))
		return -1;
	lxw_error error = make(writing, file.temporary);
	if (!error)
		return file_commit(&file, err);
	file_abandon(&file);
	return err_set(err, "cannot write '%s': %s", writing->path, xlsx.lxw_strerror(error));
}

static int open_only(void *arg, struct err *err)
{
	(void)arg;
	return xlsx_library_open(err);
}

int xlsx_check(struct err *err)
{
	return apart(open_only, NULL, "open libxlsxwriter", err);
}

static int begin(const struct session *session, void **state, struct err *err)
{
	(void)err;
	struct writing *writing = memory_alloc(sizeof(*writing));
	writing->session = session;
	*state = writing;
	return 0;
}

static int write_to(struct writing *writing, const char *path, struct err *err)
{
	struct text what;
	text_init(&what);
	text_addf(&what, "write '%s'", path);
	writing->path = path;
	int result = apart(write_book, writing, text_get(&what), err);
	text_release(&what);
	return result;
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	struct writing *writing = state;
	if (!writing->session->latest_xlsx)
		return 0;
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/summary.xlsx", writing->session->folder);
	writing->summary = summary;
	int result = write_to(writing, text_get(&path), err);
	if (!result)
		result = write_to(writing, writing->session->latest_xlsx, err);
	text_release(&path);
	return result;
}

#else

int xlsx_check(struct err *err)
{
	return library_not_built(&library_libxlsxwriter, err);
}

#endif

const struct report report_xlsx = {
	.name = "summary.xlsx",
	.summary = "with `--format xlsx`: the summary, the runs, what their columns mean, a chart",
#ifdef CONRUN_LIBXLSXWRITER
	.begin = begin,
	.finish = finish,
	.end = free,
#endif
};
