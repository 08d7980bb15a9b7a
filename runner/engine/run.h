/*
 * One run of one experiment: forks a fresh host process, waits for it, reads what it reported.
 * Called by the program's single thread only.
 */
#ifndef ENGINE_RUN_H
#define ENGINE_RUN_H

#include "base/err.h"
#include "engine/limits.h"
#include "engine/recorder.h"
#include "measure/result.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

/* A look at a run that is under way. */
struct run_progress {
	uint64_t tasks_done, tasks;
	uint64_t elapsed_ns; /* since the release; 0 before it */
};

struct run_watch {
	/* About every 100 ms while the run lasts; may be NULL. */
	void (*tick)(void *arg, const struct run_progress *progress);
	void *arg;
	/* Keeps what each task came to; NULL: nobody asks. */
	struct recorder *recorder;
};

/* Once, before the first run: signals, subreaper, clock. Undone by engine_close. */
int engine_open(struct err *err);
void engine_close(void);

/* SIGINT or SIGTERM arrived since engine_open. */
bool engine_interrupted(void);

/*
 * Runs it. A run that goes wrong is a result with a status, not an error; -1 only where the
 * program itself cannot go on (no memory to share, no process to fork). `result` must be
 * initialised; it is cleared first. `seed` is the scenario's.
 */
int run_execute(const struct experiment *experiment, uint64_t seed, const struct run_watch *watch,
	struct result *result, struct err *err);

/* Would it be skipped for want of room? -1: the error begins with the limit's name. `recorded`: a
 * recorder will watch it. */
int run_foresee(const struct experiment *experiment, uint64_t seed, bool recorded,
	const struct room *room, struct err *err);

#endif
