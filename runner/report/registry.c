/* The reports, in the order they are called: the screen last, when all files are in place. */
#include "report/registry.h"

const struct report *const report_registry[] = {
	&report_progress,
	&report_tasks_csv,
	&report_trace_json,
	&report_runs_csv,
	&report_journal,
	&report_summary_csv,
	&report_run_json,
	&report_xlsx,
	&report_terminal,
	NULL,
};
