/* A scenario made ready to run: read, expanded, its scripts loaded; so far as that can go wrong
 * before anything runs. */
#ifndef COMMANDS_PREPARE_H
#define COMMANDS_PREPARE_H

#include "commands/inputs.h"
#include "plan/plan.h"
#include "report/extras.h"

struct prepared {
	struct scenario scenario;
	struct plan plan;
	struct extras extras;
};

enum { PREPARED_NOTHING = 1 };

/* On -1 what is wrong was told to the reading's sink, and nothing is left to release; the same on
 * PREPARED_NOTHING, if the scenario is one of several and has no cell that the filters match. What
 * was prepared must stay in place. */
int prepare(struct prepared *prepared, const char *path, const struct reading *reading);
void prepared_release(struct prepared *prepared);

/* Of inputs that were all prepared, none of them wrong, and of which `left` have cells: -1 if there
 * are none, or a filter names what is nowhere; why was told, of the one from inputs_again. */
int prepare_explain(const struct inputs *inputs, size_t left);

struct prepared_list {
	struct prepared *items;
	size_t count;
};

/* All inputs that the filters leave something of. On -1 what is wrong with any of them was told.
 * Release it in both cases. */
int prepare_all(struct prepared_list *list, const struct inputs *inputs);
void prepared_list_release(struct prepared_list *list);

#endif
