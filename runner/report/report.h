/*
 * A report is one way to show or keep results. This header is the contract. To add one: write
 * report/NAME.c with a `const struct report report_NAME` and add one line to report/registry.c.
 *
 *   hook    when
 *   begin   before the first run
 *   wants   before each run: the tasks of how many it is to be shown, by worker; 0: none
 *   tick    about every 100 ms while a run lasts
 *   tasks   after each run, again and again: its tasks, if some report wants them
 *   run     after that, warm-ups not
 *   finish  at the end, also after Ctrl-C, with the summary of the runs that there were
 *   end     always, last: releases what begin made
 *
 * begin, run, tasks and finish may fail: the first failure ends the session with the file's name in
 * the error.
 *
 * All on the program's single thread, never while a run's clock is running except `tick`. Any
 * hook but `name` may be NULL. Reports write files through report/file.h: whole or not at all.
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "engine/run.h"
#include "measure/result.h"
#include "measure/task_record.h"
#include "plan/plan.h"
#include "report/csv.h"
#include "stats/summary.h"

#include <stdbool.h>
#include <stdint.h>

struct extras;

/* One session: `conrun FILE`. Read-only for reports. */
struct session {
	const struct plan *plan;
	const struct extras *extras; /* complete before finish */
	const char *folder;          /* results/<scenario>/<UTC time>, exists */
	const char *latest_csv;      /* results/<scenario>.csv */
	enum csv_dialect dialect;    /* of latest_csv; the folder's files have commas always */
	const char *latest_xlsx;     /* results/<scenario>.xlsx; NULL: no workbooks */
	int argc;
	char *const *argv;
	uint64_t started_unix_ns; /* CLOCK_REALTIME */
	uint64_t started_ns;      /* CLOCK_MONOTONIC */
	bool resumed;             /* the folder has the files of an earlier part of this session */
	bool interrupted;         /* set before finish */
	bool out_of_budget;       /* set before finish: some planned runs were not executed */
	bool colour, live; /* stdout is a terminal and NO_COLOR is unset; stderr is a terminal */
};

struct run_event {
	const struct planned_run *planned;
	const struct experiment *experiment;
	uint64_t number;                     /* 1 … plan->run_count */
	const struct result *result;         /* in `run` and `tasks` */
	const struct run_progress *progress; /* in `tick` */
	uint64_t started_unix_ns;
	bool reused; /* it was made in an earlier part of the session */
};

struct report {
	const char *name;
	const char *summary; /* one line: what it makes */
	bool screen;         /* for people; left out by --quiet */
	int (*begin)(const struct session *session, void **state, struct err *err);
	uint64_t (*wants)(const void *state, const struct planned_run *planned);
	int (*run)(void *state, const struct run_event *event, struct err *err);
	int (*tasks)(void *state, const struct run_event *event, const struct task_record *records,
		size_t count, struct err *err);
	void (*tick)(void *state, const struct run_event *event);
	int (*finish)(void *state, const struct summary *summary, struct err *err);
	void (*end)(void *state);
};

extern const struct report
	*const report_registry[]; /* NULL-terminated, in the order they are called */

#endif
