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

uint64_t reports_want(const struct reports *reports, const struct planned_run *planned)
{
	uint64_t most = 0;
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = reports->begun[i].report;
		if (!report->wants)
			continue;
		uint64_t wanted = report->wants(reports->begun[i].state, planned);
		most = wanted > most ? wanted : most;
	}
	return most;
}

int reports_tasks(struct reports *reports, const struct run_event *event,
	const struct task_record *records, size_t count, struct err *err)
{
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = reports->begun[i].report;
		if (report->tasks &&
			report->tasks(reports->begun[i].state, event, records, count, err))
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
	struct err first = {.text = ""};
	int failed = 0;
	/* One file that cannot be written is no reason to leave the others out. */
	for (size_t i = 0; i < reports->count; i++) {
		const struct report *report = reports->begun[i].report;
		if (!report->finish || !report->finish(reports->begun[i].state, summary, err))
			continue;
		first = failed ? first : *err;
		failed = -1;
	}
	if (failed)
		*err = first;
	return failed;
}

void reports_end(struct reports *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		if (reports->begun[i].report->end)
			reports->begun[i].report->end(reports->begun[i].state);
	reports->count = 0;
}
