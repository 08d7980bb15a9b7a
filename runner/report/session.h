/* Calls the hooks of all reports through one session. */
#ifndef REPORT_SESSION_H
#define REPORT_SESSION_H

#include "report/report.h"

enum { REPORTS_MOST = 16 };

struct reports {
	const struct session *session;
	bool quiet; /* without the reports for the screen */
	struct {
		const struct report *report;
		void *state;
	} begun[REPORTS_MOST];
	size_t count;
};

/* reports_end must follow in every case; it ends those that were begun. */
int reports_begin(
	struct reports *reports, const struct session *session, bool quiet, struct err *err);
int reports_run(struct reports *reports, const struct run_event *event, struct err *err);
/* The most tasks of each worker that any of them wants to be shown. */
uint64_t reports_want(const struct reports *reports, const struct planned_run *planned);
int reports_tasks(struct reports *reports, const struct run_event *event,
	const struct task_record *records, size_t count, struct err *err);
void reports_tick(struct reports *reports, const struct run_event *event);
int reports_finish(struct reports *reports, const struct summary *summary, struct err *err);
void reports_end(struct reports *reports);

#endif
