/* `--csv-dialect` and `--format` of a run: in which forms, beside the usual files, its results are
 * written. */
#ifndef COMMANDS_FORMATS_H
#define COMMANDS_FORMATS_H

#include "commands/command.h"
#include "report/csv.h"

struct formats {
	enum csv_dialect dialect; /* of results/<scenario>.csv */
	bool xlsx;
};

/* -1: there is no such form. */
int formats_read(struct formats *formats, const struct invocation *invocation, struct err *err);

/* The same, and that what they need is there: to be asked before anything is run. */
int formats_check(const struct invocation *invocation, struct err *err);

#endif
