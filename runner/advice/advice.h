/*
 * Advice: what is right by the letter of a scenario, but most likely not what its author meant, as
 * far as that can be seen before anything runs. All of it is warnings and notes with their place
 * in the scenario; what is wrong was found before. To add one: write a function of this type and
 * add a line to the table in advice.c.
 */
#ifndef ADVICE_ADVICE_H
#define ADVICE_ADVICE_H

#include "report/extras.h"
#include "scenario/diag.h"

#include <stdint.h>

struct advice {
	const struct scenario *scenario;
	const struct plan *plan;
	const struct extras *extras;
	const uint64_t *last_ns; /* of each experiment, as last_read has it; NULL: no figures */
	const uint64_t *said_ns; /* the same, as the scenario alone says it */
	struct diag *diag;
};

typedef void adviser(const struct advice *advice);

adviser advise_consent;   /* programs are run, and nobody has allowed it yet */
adviser advise_inert;     /* parameters without effect */
adviser advise_merged;    /* axes, executors, workloads and includes that add no cell */
adviser advise_idle;      /* workers without a task, overrides and expectations of nothing */
adviser advise_programs;  /* programs that are not there */
adviser advise_empty;     /* workloads and executors that no cell is left of */
adviser advise_support;   /* cells that this machine cannot do */
adviser advise_room;      /* cells that a limit of the system would skip */
adviser advise_timeout;   /* runs that cannot end in time */
adviser advise_runtime;   /* runs that end before any task does */
adviser advise_budget;    /* a plan that is longer than its budget */
adviser advise_intervals; /* intervals that so few runs do not give */

/* All of it, added to `diag`. */
void advise(const struct extras *extras, const uint64_t *last_ns, struct diag *diag);

#endif
