/* What a scenario's text must be before it is read as YAML. */
#ifndef SCENARIO_LOAD_H
#define SCENARIO_LOAD_H

#include "scenario/diag.h"

#include <stdbool.h>
#include <stddef.h>

enum { LOAD_MOST_BYTES = 1024 * 1024 };

/* UTF-8 without control characters, and not too long; reports what is wrong in the file, or in
 * the diag's nth other source. */
bool load_check_text(struct diag *diag, int source);

/* The `.yaml` or `.yml` that a path ends with, or NULL. */
const char *load_ending(const char *path);

/* Leaves out a byte order mark at the front. */
void load_skip_mark(const char **text, size_t *length);

#endif
