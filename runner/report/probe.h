/* What the kernel says in its small files: a line, a number, a list of CPUs such as 0-3,8. What
 * cannot be read is not guessed. */
#ifndef REPORT_PROBE_H
#define REPORT_PROBE_H

#include "base/text.h"

#include <jansson.h>
#include <stdbool.h>

/* Adds the first line of the file that starts with `start`, from behind it; "" takes the first. */
bool probe_line(const char *path, const char *start, struct text *out);

/* The same as JSON; null where there is no such line. */
json_t *probe_line_json(const char *path, const char *start);

/* A file that holds one number; null where there is none. */
json_t *probe_number_json(const char *path);

/* Steps through a list: the first member behind *at, which becomes -1 before the first call; false
 * at the end, and where the list is none. */
bool probe_next(const char *list, long *at);

#endif
