/* Names that the authors of tables choose, of workloads, parameters and metrics: they become keys
 * of a scenario and columns of a CSV. */
#ifndef BASE_NAMING_H
#define BASE_NAMING_H

#include <stdbool.h>

enum { NAMING_MOST_BYTES = 40 };

/* Up to NAMING_MOST_BYTES of a-z, 0-9 and _, no digit first. */
bool naming_is_name(const char *name);

/* What else can stand in a workload or in a rule: no parameter has such a name. NULL-terminated. */
extern const char *const naming_keys[];

bool naming_is_among(const char *name, const char *const *names);

#endif
