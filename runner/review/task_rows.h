/*
 * tasks.csv, read back: of each experiment the first run that is in it, and of that so many tasks
 * as are worth looking at. The file may be of any size; it is read once, from its beginning.
 */
#ifndef REVIEW_TASK_ROWS_H
#define REVIEW_TASK_ROWS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { TASK_ROWS_MOST = 200 * 1000, TASK_RUNS_MOST = 1000 };

struct task_row {
	uint64_t task;
	uint32_t worker;
	double started_s, finished_s; /* -1: it did not come to that */
	char status;                  /* the first letter: ok, failed, lost */
};

struct task_run {
	char experiment[20];
	unsigned round;
	size_t first, count; /* of the rows; beyond TASK_ROWS_MOST there are none */
	uint64_t tasks;      /* that it has in the file */
};

struct task_rows {
	struct task_row *rows; /* owned */
	size_t row_count, row_capacity;
	struct task_run *runs; /* owned; in the order of the file */
	size_t run_count, run_capacity;
};

/* -1: there is no such file, or it is none of conrun's. Release only after success. */
int task_rows_read(struct task_rows *rows, const char *path, struct err *err);
void task_rows_release(struct task_rows *rows);

#endif
