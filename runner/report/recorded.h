/* What recording every task left, and what it cost. */
#ifndef REPORT_RECORDED_H
#define REPORT_RECORDED_H

#include "base/text.h"
#include "report/report.h"
#include "stats/summary.h"

/* Where the tasks are, a line each; nothing where the scenario does not ask for them. */
void recorded_files(const struct session *session, struct text *out);

/* A line that names the rows whose workers had to wait for it; nothing if none had. */
void recorded_cost(const struct summary *summary, struct text *out);

#endif
