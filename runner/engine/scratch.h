/* A run's scratch folder: in $TMPDIR or /tmp, empty at first, gone with the run. */
#ifndef ENGINE_SCRATCH_H
#define ENGINE_SCRATCH_H

#include "base/err.h"

struct scratch {
	char path[256];
};

int scratch_make(struct scratch *scratch, struct err *err);

/* With all that is in it; does not follow links. */
void scratch_remove(const struct scratch *scratch);

#endif
