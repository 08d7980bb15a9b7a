/* Keeps the journal: behind the row of runs.csv, so that what the journal has is there as well. */
#include "report/file.h"
#include "report/journal.h"
#include "report/registry.h"

#include <stdlib.h>
#include <sys/file.h>

struct journal_file {
	struct lines lines;
	struct text line;
};

static void end(void *state)
{
	struct journal_file *file = state;
	struct err ignored;
	if (file->lines.path)
		lines_close(&file->lines, &ignored);
	text_release(&file->line);
	free(file);
}

static int begin(const struct session *session, void **state, struct err *err)
{
	struct journal_file *file = memory_alloc(sizeof(*file));
	struct text path;
	text_init(&path);
	text_init(&file->line);
	text_addf(&path, "%s/%s", session->folder, JOURNAL_NAME);
	int result = session->resumed ? lines_append(&file->lines, text_get(&path), err)
				      : lines_create(&file->lines, text_get(&path), err);
	text_release(&path);
	if (result) {
		end(file);
		return -1;
	}
	/* For journal_is_written; where locks do not work nobody is told. */
	flock(file->lines.fd, LOCK_EX | LOCK_NB);
	*state = file;
	return 0;
}

static int run(void *state, const struct run_event *event, struct err *err)
{
	struct journal_file *file = state;
	if (event->reused)
		return 0;
	text_clear(&file->line);
	journal_add_line(event, &file->line);
	return lines_add(&file->lines, text_get(&file->line), file->line.length, err);
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	struct journal_file *file = state;
	(void)summary;
	return lines_close(&file->lines, err);
}

const struct report report_journal = {
	.name = JOURNAL_NAME,
	.summary = "what --resume goes on from",
	.begin = begin,
	.run = run,
	.finish = finish,
	.end = end,
};
