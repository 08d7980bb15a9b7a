/*
 * All that is found about one scenario, by whomever: a sink that keeps the problems when the
 * scenario itself is gone again.
 */
#ifndef COMMANDS_FINDINGS_H
#define COMMANDS_FINDINGS_H

#include "scenario/diag.h"

struct findings {
	struct arena arena;
	struct diag diag;
	struct diag_sink sink; /* adds to it */
};

/* It must stay in place until it is released. Path NULL: they are those of the command line. */
void findings_init(struct findings *findings, const char *path);
void findings_release(struct findings *findings);

/* Sorts them; how many there are of that kind. */
size_t findings_count(struct findings *findings, enum severity severity);

#endif
