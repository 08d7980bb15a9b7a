/* The columns of tasks.csv, for its header and the dictionary. */
#ifndef REPORT_TASKS_CSV_H
#define REPORT_TASKS_CSV_H

struct task_column {
	const char *name, *unit, *meaning; /* unit: "" for words */
};

extern const struct task_column task_columns[]; /* ends with a column without a name */

#endif
