/* The scenarios that come with conrun, which the command line knows by their bare names. A file of
 * the user's comes first, also where only the `.yaml` was forgotten: then it is asked about. */
#ifndef COMMANDS_SHIPPED_H
#define COMMANDS_SHIPPED_H

#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>

/* Is it a file, as it is or with `.yaml` behind it? */
bool shipped_is_file(const char *word);

/* Is it a file of YAML, or the name of a scenario that comes with conrun? */
bool shipped_is_scenario(const char *word);

/* Is the word such a name, and no file? Then `path` is where the scenario is. */
bool shipped_find(const char *word, struct text *path);

/* All of them with their descriptions, a line each. */
void shipped_list(struct text *out);

/* All names, each once, in their order; in the arena. */
const char *const *shipped_names(struct arena *arena, size_t *count);

#endif
