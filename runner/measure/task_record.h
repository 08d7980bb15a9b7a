/* What one task came to: a record of fixed size, for sessions that keep a row of every task. */
#ifndef MEASURE_TASK_RECORD_H
#define MEASURE_TASK_RECORD_H

#include <stdint.h>

enum task_status {
	TASK_OK,     /* returned a value */
	TASK_FAILED, /* returned an error */
	TASK_LOST,   /* neither: its worker died or the run was ended */
	TASK_STATUSES,
};

const char *task_status_name(enum task_status status);

#define TASK_NEVER UINT64_MAX

struct task_record {
	uint64_t task;
	/* Ticks of the clock while the run lasts, 0: it did not come to that. Whoever reads it
	 * behind the recorder finds nanoseconds since the release, and TASK_NEVER. */
	uint64_t submitted, started, finished;
	uint64_t value;  /* of one that is ok */
	uint32_t lane;   /* the place of 0 … workers-1 that it ran in: no two at a time */
	uint32_t status; /* enum task_status */
};

#endif
