/*
 * `--resume` and `--rerun failed`: a session that goes on in the folder of an earlier one. Runs
 * that are in its journal count as they are, where the program, the machine and the cell are the
 * same; a cell's id says so of its parameters, its seed and its script.
 */
#ifndef COMMANDS_RESUME_H
#define COMMANDS_RESUME_H

#include "commands/command.h"
#include "plan/plan.h"
#include "report/journal.h"

struct resume {
	bool on;
	const char *folder; /* in the arena */
	bool only_ok;       /* runs that are not ok are made again */
	struct journal journal;
	struct arena arena;
};

/*
 * Looks for the session to go on with; `on` where there is one. Where there is none, or its runs
 * cannot be reused, a note on stderr says why and the session begins anew. -1: its files cannot be
 * read. Release in every case.
 */
int resume_open(struct resume *resume, const struct plan *plan, const struct invocation *invocation,
	struct err *err);
void resume_release(struct resume *resume);

/* The planned run as it was made before; false: it is to be made. A warm-up is left out (true, and
 * `result` has nothing) where all that it would warm up for is there. */
bool resume_take(const struct resume *resume, const struct plan *plan,
	const struct planned_run *run, struct result *result, uint64_t *started_unix_ns);

#endif
