/* The reports that there are; registry.c puts them in order. */
#ifndef REPORT_REGISTRY_H
#define REPORT_REGISTRY_H

#include "report/report.h"

extern const struct report report_progress, report_tasks_csv, report_trace_json, report_runs_csv,
	report_journal, report_summary_csv, report_run_json, report_xlsx, report_terminal;

#endif
