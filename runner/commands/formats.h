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

extern const char *const format_dialects[], *const format_names[]; /* NULL-terminated */

struct formats formats_read(const struct invocation *invocation);

/* Is what they need there? To be asked before anything is run. */
int formats_check(const struct invocation *invocation, struct err *err);

#endif
