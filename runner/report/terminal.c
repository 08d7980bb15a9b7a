/*
 * The end of a session on stdout: what was run, the table, what went wrong, what won, and where
 * the files are.
 */
#include "base/pasted.h"
#include "report/disturbed.h"
#include "report/extras.h"
#include "report/human.h"
#include "report/recorded.h"
#include "report/registry.h"
#include "report/screen.h"
#include "report/utf8.h"
#include "report/verdict.h"
#include "report/view.h"
#include "script/expr.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS_MOST = 200, PROBLEMS_MOST = 20, PIPE_WIDTH = 120 };

struct terminal {
	const struct session *session;
	const struct summary *summary;
	struct verdict verdicts[VERDICTS_MOST];
	size_t verdict_count;
	size_t width;
};

static int begin(const struct session *session, void **state, struct err *err)
{
	struct terminal *terminal = memory_alloc(sizeof(*terminal));
	(void)err;
	terminal->session = session;
	*state = terminal;
	return 0;
}

/* Breaks at the separator only; a part that is longer than the width stands alone. */
static void add_wrapped(struct text *out, const char *text, const char *separator, size_t width)
{
	size_t gap = utf8_width(separator), column = 0;
	while (*text) {
		const char *end = strstr(text, separator);
		size_t bytes = end ? (size_t)(end - text) : strlen(text);
		size_t own = utf8_width_of(text, bytes);
		bool fits = column > 0 && column + gap + own <= width;
		if (column > 0)
			text_add(out, fits ? separator : "\n");
		column = fits ? column + gap + own : own;
		text_add_bytes(out, text, bytes);
		text += bytes + (end ? strlen(separator) : 0);
	}
	text_add(out, column ? "\n" : "");
}

static void add_heading(const struct terminal *terminal, struct text *out)
{
	const struct scenario *scenario = terminal->session->plan->scenario;
	bool colour = terminal->session->colour;
	struct text description;
	text_init(&description);
	utf8_add_line(&description, scenario->description);
	text_addf(out, "\n%s%s%s\n", colour ? "\033[1m" : "", scenario->name,
		colour ? "\033[0m" : "");
	add_wrapped(
		out, text_get(&description), " ", terminal->width < 96 ? terminal->width : 96);
	text_release(&description);
}

static void mark_winners(const struct terminal *terminal, bool *winners)
{
	for (size_t i = 0; i < terminal->verdict_count; i++) {
		const struct verdict *verdict = &terminal->verdicts[i];
		if (verdict->ok > 1 && verdict->tied == 0)
			winners[verdict->first] = true;
	}
}

static void add_table(const struct terminal *terminal, struct text *out)
{
	const struct summary *summary = terminal->summary;
	uint32_t rows = summary->count < ROWS_MOST ? summary->count : ROWS_MOST;
	bool *winners = memory_alloc(summary->count * sizeof(*winners));
	struct table table;
	struct text constants;
	table_init(&table);
	text_init(&constants);
	mark_winners(terminal, winners);
	view_fill(&table, summary, &terminal->session->extras->added, rows, winners, &constants);
	text_addf(&constants, "%sCPUs %" PRId64, constants.length ? " · " : "", expr_ncpu());
	add_wrapped(out, text_get(&constants), " · ", terminal->width);
	text_add(out, "\n");
	table_print(&table, terminal->width, terminal->session->colour, out);
	if (rows < summary->count)
		text_addf(
			out, "… %" PRIu32 " more rows in summary.csv\n", summary->count - rows);
	text_release(&constants);
	table_release(&table);
	free(winners);
}

/* What is unsupported is so under every executor: it is said once, of the workload. */
static bool is_said(const struct summary *summary, uint32_t index)
{
	const struct summary_row *row = &summary->rows[index], *before = row - 1;
	return index > 0 && row->status == STATUS_UNSUPPORTED && before->status == row->status &&
	       before->experiment->workload == row->experiment->workload;
}

static void add_problem(
	const struct terminal *terminal, const struct summary_row *row, struct text *out)
{
	bool colour = terminal->session->colour;
	const struct plan *plan = terminal->summary->plan;
	text_addf(out, "%s%s%s: ", colour ? "\033[31m" : "", status_name(row->status),
		colour ? "\033[0m" : "");
	if (row->status == STATUS_UNSUPPORTED)
		screen_workload(out, plan, row->experiment);
	else
		screen_experiment(out, plan, row->experiment);
	if (*row->error) {
		text_add(out, ": ");
		utf8_add_line(out, row->error);
	}
	text_add(out, "\n");
}

static void add_problems(const struct terminal *terminal, struct text *out)
{
	uint32_t found = 0;
	for (uint32_t i = 0; i < terminal->summary->count; i++) {
		const struct summary_row *row = &terminal->summary->rows[i];
		if (row->status == STATUS_OK || is_said(terminal->summary, i))
			continue;
		if (found++ == 0)
			text_add(out, "\n");
		if (found <= PROBLEMS_MOST)
			add_problem(terminal, row, out);
	}
	if (found > PROBLEMS_MOST)
		text_addf(out, "… %" PRIu32 " more in summary.csv\n", found - PROBLEMS_MOST);
}

static void add_verdicts(const struct terminal *terminal, struct text *out)
{
	struct text line;
	text_init(&line);
	text_add(out, "\n");
	for (size_t i = 0; i < terminal->verdict_count; i++) {
		text_clear(&line);
		verdict_text(terminal->summary, &terminal->verdicts[i], &line);
		add_wrapped(out, text_get(&line), " ", terminal->width);
	}
	text_release(&line);
}

static void add_disturbed(const struct terminal *terminal, struct text *out)
{
	struct text line;
	text_init(&line);
	disturbed_text(terminal->summary, &line);
	add_wrapped(out, text_get(&line), " ", terminal->width);
	text_clear(&line);
	recorded_cost(terminal->summary, &line);
	add_wrapped(out, text_get(&line), " ", terminal->width);
	text_release(&line);
}

/* Without a heading of its own: what there is to say is a line each. */
static void add_judgement(const struct terminal *terminal, struct text *out)
{
	struct text lines;
	text_init(&lines);
	extras_judgement(terminal->session->extras, &lines);
	extras_complaints(terminal->session->extras, &lines);
	if (lines.length)
		text_addf(out, "\n%s", text_get(&lines));
	text_release(&lines);
}

/* The same command again, to be pasted into a shell. */
static void add_resume(const struct session *session, struct text *out)
{
	text_addf(out, "go on: %s --resume", pasted_program());
	for (int i = 1; i < session->argc; i++)
		if (strcmp(session->argv[i], "--resume") != 0) {
			text_add(out, " ");
			pasted_word(session->argv[i], out);
		}
	text_add(out, "\n");
}

static void add_ending(const struct terminal *terminal, struct text *out)
{
	const struct session *session = terminal->session;
	if (session->interrupted)
		text_add(out, "interrupted: the runs that had ended are kept; ");
	else if (session->out_of_budget)
		text_add(out, "the budget is used up: not all of the plan was run; ");
	if (session->interrupted || session->out_of_budget)
		add_resume(session, out);
	text_addf(
		out, "results: %s (this session: %s)\n", session->latest_csv, session->folder);
	recorded_files(session, out);
}

static int print(const struct text *out, struct err *err)
{
	errno = 0;
	fputs(text_get(out), stdout);
	if (fflush(stdout) || ferror(stdout))
		return err_errno(err, errno ? errno : EIO, "cannot write to standard output");
	return 0;
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	struct terminal *terminal = state;
	struct text out;
	text_init(&out);
	terminal->summary = summary;
	terminal->width = screen_width(STDOUT_FILENO, PIPE_WIDTH);
	terminal->verdict_count = verdict_make(summary, terminal->verdicts);
	add_heading(terminal, &out);
	add_table(terminal, &out);
	add_problems(terminal, &out);
	add_judgement(terminal, &out);
	add_verdicts(terminal, &out);
	add_disturbed(terminal, &out);
	add_ending(terminal, &out);
	int result = print(&out, err);
	text_release(&out);
	return result;
}

const struct report report_terminal = {
	.name = "terminal",
	.summary = "the final table on stdout",
	.screen = true,
	.begin = begin,
	.finish = finish,
	.end = free,
};
