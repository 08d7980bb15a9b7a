/* How much trace.json holds, for whoever says so. */
#ifndef REPORT_TRACE_JSON_H
#define REPORT_TRACE_JSON_H

enum { TRACE_TASKS_MOST = 1000 * 1000 };

#endif
