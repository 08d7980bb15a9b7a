/*
 * The loop over the runs of a plan. It ends early on Ctrl-C and when the budget is used up; in
 * both cases the figures of the runs that there were are reported as always.
 */
#include "commands/sitting.h"

#include "commands/formats.h"
#include "commands/resume.h"
#include "engine/run.h"
#include "measure/clock.h"
#include "report/file.h"
#include "report/screen.h"
#include "report/session.h"
#include "report/utc.h"
#include "review/page.h"
#include "stats/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct sitting {
	struct session session;
	struct extras *extras;
	bool quiet;
	struct reports reports;
	struct collector *collector;
	struct recorder *recorder; /* NULL: no report wants single tasks */
	struct resume resume;
	struct run_event event;
};

static int make_folder(const char *output, const struct plan *plan, uint64_t started_unix_ns,
	struct text *folder, struct err *err)
{
	struct text parent;
	text_init(&parent);
	text_addf(&parent, "%s/%s", output, plan->scenario->name);
	int result = folder_make(text_get(&parent), err);
	text_add(&parent, "/");
	utc_format(started_unix_ns, UTC_FOLDER, &parent);
	if (!result)
		result = folder_make_new(text_get(&parent), folder, err);
	text_release(&parent);
	return result ? err_remedy(err, "--output DIR puts results elsewhere") : 0;
}

static int choose_folder(
	struct sitting *sitting, const char *output, struct text *folder, struct err *err)
{
	sitting->session.resumed = sitting->resume.on;
	if (!sitting->resume.on)
		return make_folder(output, sitting->session.plan, sitting->session.started_unix_ns,
			folder, err);
	text_add(folder, sitting->resume.folder);
	return 0;
}

static void tick(void *arg, const struct run_progress *progress)
{
	struct sitting *sitting = arg;
	sitting->event.progress = progress;
	reports_tick(&sitting->reports, &sitting->event);
	sitting->event.progress = NULL;
}

static int show_tasks(void *arg, const struct task_record *records, size_t count, struct err *err)
{
	struct sitting *sitting = arg;
	return reports_tasks(&sitting->reports, &sitting->event, records, count, err);
}

/* Warm-ups are compared with the others, but leave no figures. */
static int report_run(struct sitting *sitting, struct result *result, struct err *err)
{
	collector_add(sitting->collector, sitting->event.planned, result);
	sitting->event.result = result;
	if (sitting->event.planned->round < 0)
		return 0;
	if (sitting->recorder && !sitting->event.reused &&
		recorder_read(sitting->recorder, show_tasks, sitting, err))
		return -1;
	return reports_run(&sitting->reports, &sitting->event, err);
}

static bool must_end(struct sitting *sitting)
{
	struct session *session = &sitting->session;
	int64_t budget_ns = session->plan->scenario->budget_ns;
	session->interrupted = engine_interrupted();
	session->out_of_budget =
		budget_ns && clock_monotonic_ns() - session->started_ns >= (uint64_t)budget_ns;
	return session->interrupted || session->out_of_budget;
}

static int execute(struct sitting *sitting, struct result *result, struct err *err)
{
	const struct run_event *event = &sitting->event;
	const struct run_watch watch = {
		.tick = tick, .arg = sitting, .recorder = sitting->recorder};
	/* All runs are recorded, or none: what that takes must not set some of them apart. */
	if (sitting->recorder)
		recorder_expect(sitting->recorder, reports_want(&sitting->reports, event->planned));
	return run_execute(event->experiment, (uint64_t)sitting->session.plan->scenario->seed,
		&watch, result, err);
}

static int run_one(struct sitting *sitting, uint64_t index, bool only_reused, struct result *result,
	struct err *err)
{
	const struct plan *plan = sitting->session.plan;
	const struct planned_run *planned = &plan->runs[index];
	sitting->event = (struct run_event){
		.planned = planned,
		.experiment = &plan->experiments[planned->experiment],
		.number = index + 1,
		.started_unix_ns = utc_now_ns(),
	};
	sitting->event.reused = resume_take(
		&sitting->resume, plan, planned, result, &sitting->event.started_unix_ns);
	if (sitting->event.reused && planned->round < 0)
		return 0;
	if (!sitting->event.reused && only_reused)
		return 0;
	if (!sitting->event.reused && execute(sitting, result, err))
		return -1;
	return report_run(sitting, result, err);
}

static int run_plan(struct sitting *sitting, struct err *err)
{
	struct result result;
	int failed = 0;
	result_init(&result);
	/* What an earlier part of the session has made is kept whatever ends this one. */
	for (uint64_t i = 0; i < sitting->session.plan->run_count && !failed; i++) {
		bool ending = must_end(sitting);
		if (ending && !sitting->resume.on)
			break;
		if (!collector_is_due(sitting->collector, &sitting->session.plan->runs[i]))
			continue;
		failed = run_one(sitting, i, ending, &result, err);
	}
	sitting->session.interrupted = engine_interrupted();
	result_release(&result);
	return failed;
}

/* Rows of experiments that the session did not come to, or not often enough, say why. */
static void explain_missing(const struct session *session, struct summary *summary)
{
	for (uint32_t i = 0; i < summary->count; i++) {
		struct summary_row *row = &summary->rows[i];
		if (row->stop == STOP_NOT_RUN && !status_not_run(row->status))
			row->stop = session->interrupted ? STOP_INTERRUPTED : STOP_BUDGET;
		/* One that was skipped or broken off says so itself. */
		if (row->status != STATUS_INTERRUPTED || *row->error)
			continue;
		row->error = session->interrupted ? "not run: the session was interrupted"
						  : "not run: the budget was used up";
	}
}

/* The gravest: a row that is not as expected may only be so because of what went wrong in it. */
static enum exit_code outcome(const struct sitting *sitting, const struct summary *summary)
{
	bool expected = true, ok = !hooks_failed(&sitting->extras->hooks);
	for (uint32_t i = 0; i < summary->count; i++) {
		ok &= summary->rows[i].status == STATUS_OK;
		expected &= summary->rows[i].judgement != ROW_FAILED;
	}
	if (sitting->session.interrupted)
		return EXIT_INTERRUPTED;
	return !ok ? EXIT_NOT_OK : !expected ? EXIT_NOT_EXPECTED : EXIT_OK;
}

/* Without the reports for the screen nobody else says that a hook failed. */
static void complain(const struct extras *extras)
{
	struct text lines;
	text_init(&lines);
	extras_complaints(extras, &lines);
	fputs(text_get(&lines), stderr);
	text_release(&lines);
}

/* The files that it is made of are there: without it nothing is lost. */
static void write_page(const struct sitting *sitting)
{
	struct err err;
	const char *folder = sitting->session.folder;
	if (page_write_folder(folder, &err))
		fprintf(stderr, "conrun: warning: no report.html: %s\n", err.text);
	else if (!sitting->quiet)
		printf("page: %s/report.html\n", folder);
}

static enum exit_code run_and_report(struct sitting *sitting, struct err *err)
{
	struct summary summary;
	if (run_plan(sitting, err))
		return EXIT_NOT_OK;
	collector_summarise(sitting->collector, &summary);
	explain_missing(&sitting->session, &summary);
	extras_apply(sitting->extras, &sitting->session, &summary);
	sitting->session.interrupted = engine_interrupted();
	enum exit_code code = EXIT_NOT_OK;
	if (reports_finish(&sitting->reports, &summary, err) == 0) {
		code = outcome(sitting, &summary);
		write_page(sitting);
	}
	if (sitting->quiet)
		complain(sitting->extras);
	summary_release(&summary);
	return code;
}

/* What lies beside the folders of the sessions, always of the newest. */
static void name_latest(struct session *session, const struct invocation *invocation,
	struct text *csv, struct text *xlsx)
{
	const char *output = invocation_value(invocation, FLAG_OUTPUT);
	const char *name = session->plan->scenario->name;
	const struct formats formats = formats_read(invocation);
	text_addf(csv, "%s/%s.csv", output, name);
	text_addf(xlsx, "%s/%s.xlsx", output, name);
	session->latest_csv = text_get(csv);
	session->dialect = formats.dialect;
	session->latest_xlsx = formats.xlsx ? text_get(xlsx) : NULL;
}

enum exit_code sitting_run(
	struct extras *extras, const struct invocation *invocation, struct err *err)
{
	const struct plan *plan = extras->plan;
	struct sitting sitting = {.extras = extras,
		.quiet = invocation_has(invocation, FLAG_QUIET),
		.session = {
			.plan = plan,
			.extras = extras,
			.argc = invocation->argc,
			.argv = invocation->argv,
			.started_unix_ns = utc_now_ns(),
			.started_ns = clock_monotonic_ns(),
			.colour = screen_has_colour(STDOUT_FILENO),
			.live = screen_is_terminal(STDERR_FILENO),
		}};
	struct text folder, latest, workbook;
	text_init(&folder);
	text_init(&latest);
	text_init(&workbook);
	enum exit_code code = EXIT_NOT_OK;
	name_latest(&sitting.session, invocation, &latest, &workbook);
	if (!resume_open(&sitting.resume, plan, invocation, err) &&
		!choose_folder(&sitting, invocation_value(invocation, FLAG_OUTPUT), &folder, err)) {
		sitting.session.folder = text_get(&folder);
		sitting.collector = collector_new(plan);
		if (plan->scenario->output.tasks || plan->scenario->output.trace)
			sitting.recorder = recorder_new(sitting.session.folder);
		if (!reports_begin(&sitting.reports, &sitting.session, sitting.quiet, err))
			code = run_and_report(&sitting, err);
		reports_end(&sitting.reports);
		collector_free(sitting.collector);
		recorder_free(sitting.recorder);
	}
	resume_release(&sitting.resume);
	text_release(&folder);
	text_release(&latest);
	text_release(&workbook);
	return code;
}
