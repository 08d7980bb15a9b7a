/* A scenario made ready to run: read, expanded, its scripts loaded; so far as that can go wrong
 * before anything runs. */
#ifndef COMMANDS_PREPARE_H
#define COMMANDS_PREPARE_H

#include "plan/plan.h"
#include "report/extras.h"

struct prepared {
	struct scenario scenario;
	struct plan plan;
	struct extras extras;
};

/* On -1 what is wrong was written to stderr or is in `err`, and nothing is left to release. What
 * was prepared must stay in place. */
int prepare(struct prepared *prepared, const char *path, struct err *err);
void prepared_release(struct prepared *prepared);

#endif
