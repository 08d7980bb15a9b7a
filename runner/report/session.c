/* The reports of one session. Each failure ends the session; what was begun is always ended. */
#include "report/session.h"

static int begin_one(struct reports *reports, const struct report *report, struct err *err)
{
	void *state = NULL;
	if (report->begin && report->begin(reports->session, &state, err))
		return -1;
	reports->begun[reports->count].report = report;
	reports->begun[reports->count++].state = state;
	return 0;
}

int reports_begin(
	struct reports *reports, const struct session *session, bool quiet, struct err *err)
{
	*reports = (struct reports){.session = session, .quiet = quiet};
	for (const struct report *const *report = report_registry; *report; report++) {
		if (quiet && (*report)->screen)
			continue;
		if (begin_one(reports, *report, err))
			return -1;
	}
	return 0;
}

int reports_run(struct reports *reports, const struct run_event *event, struct err *err)
{
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = reports->begun[i].report;
		if (report->run && report->run(reports->begun[i].state, event, err))
			return -1;
	}
	return 0;
}

void reports_tick(struct reports *reports, const struct run_event *event)
{
	for (size_t i = 0; i < reports->count; i++)
		if (reports->begun[i].report->tick)
			reports->begun[i].report->tick(reports->begun[i].state, event);
}

int reports_finish(struct reports *reports, const struct summary *summary, struct err *err)
{
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = reports->begun[i].report;
		if (report->finish && report->finish(reports->begun[i].state, summary, err))
			return -1;
	}
	return 0;
}

void reports_end(struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		if (reports->begun[i].report->end)
			reports->begun[i].report->end(reports->begun[i].state);
	reports->count = 0;
}
