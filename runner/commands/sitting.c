/*
 * The loop over the runs of a plan. It ends early on Ctrl-C and when the budget is used up; in
 * both cases the figures of the runs that there were are reported as always.
 */
#include "commands/sitting.h"

#include "engine/run.h"
#include "measure/clock.h"
#include "report/file.h"
#include "report/session.h"
#include "report/utc.h"
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
	return result;
}

static bool is_terminal(int fd)
{
	const char *kind = getenv("TERM");
	return isatty(fd) && !(kind && strcmp(kind, "dumb") == 0);
}

/* https://no-color.org: set and not empty. */
static bool wants_colour(void)
{
	const char *no_color = getenv("NO_COLOR");
	return !(no_color && *no_color);
}

static void tick(void *arg, const struct run_progress *progress)
{
	struct sitting *sitting = arg;
	sitting->event.progress = progress;
	reports_tick(&sitting->reports, &sitting->event);
	sitting->event.progress = NULL;
}

/* Warm-ups are compared with the others, but leave no figures. */
static int report_run(struct sitting *sitting, struct result *result, struct err *err)
{
	collector_add(sitting->collector, sitting->event.planned, result);
	sitting->event.result = result;
	if (sitting->event.planned->round < 0)
		return 0;
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

static int run_one(
	struct sitting *sitting, uint64_t index, struct result *result, struct err *err)
{
	const struct plan *plan = sitting->session.plan;
	const struct planned_run *planned = &plan->runs[index];
	const struct run_watch watch = {.tick = tick, .arg = sitting};
	sitting->event = (struct run_event){
		.planned = planned,
		.experiment = &plan->experiments[planned->experiment],
		.number = index + 1,
		.started_unix_ns = utc_now_ns(),
	};
	if (run_execute(sitting->event.experiment, (uint64_t)plan->scenario->seed, &watch,
		    result, err))
		return -1;
	return report_run(sitting, result, err);
}

static int run_plan(struct sitting *sitting, struct err *err)
{
	struct result result;
	int failed = 0;
	result_init(&result);
	for (uint64_t i = 0; i < sitting->session.plan->run_count && !failed; i++) {
		if (must_end(sitting))
			break;
		failed = run_one(sitting, i, &result, err);
	}
	sitting->session.interrupted = engine_interrupted();
	result_release(&result);
	return failed;
}

/* Rows of experiments that the session did not come to say why. */
static void explain_missing(const struct session *session, struct summary *summary)
{
	for (uint32_t i = 0; i < summary->count; i++) {
		struct summary_row *row = &summary->rows[i];
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
	if (reports_finish(&sitting->reports, &summary, err) == 0)
		code = outcome(sitting, &summary);
	if (sitting->quiet)
		complain(sitting->extras);
	summary_release(&summary);
	return code;
}

enum exit_code sitting_run(
	struct extras *extras, const struct invocation *invocation, struct err *err)
{
	const struct plan *plan = extras->plan;
	struct sitting sitting = {
		.extras = extras,
		.quiet = invocation->flags & FLAG_QUIET,
		.session = {
			.plan = plan,
			.extras = extras,
			.argc = invocation->argc,
			.argv = invocation->argv,
			.started_unix_ns = utc_now_ns(),
			.started_ns = clock_monotonic_ns(),
			.colour = is_terminal(STDOUT_FILENO) && wants_colour(),
			.live = is_terminal(STDERR_FILENO),
		}};
	struct text folder, latest;
	text_init(&folder);
	text_init(&latest);
	text_addf(&latest, "%s/%s.csv", invocation->output, plan->scenario->name);
	enum exit_code code = EXIT_NOT_OK;
	if (!make_folder(
		    invocation->output, plan, sitting.session.started_unix_ns, &folder, err)) {
		sitting.session.folder = text_get(&folder);
		sitting.session.latest_csv = text_get(&latest);
		sitting.collector = collector_new(plan);
		if (!reports_begin(&sitting.reports, &sitting.session,
			    sitting.quiet, err))
			code = run_and_report(&sitting, err);
		reports_end(&sitting.reports);
		collector_free(sitting.collector);
	}
	text_release(&folder);
	text_release(&latest);
	return code;
}
