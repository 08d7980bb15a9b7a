/*
 * The JSON Schema of scenarios, draft-07: made from the tables that they are checked by, so that an
 * editor completes and checks what the reader takes. It refuses nothing that the reader takes, but
 * for text that is `true` or `false` without quotes. What only the reader can know it lets pass:
 * what a Lua script's parameters are, which names a scenario has of its own, what values mean
 * together.
 *
 * Editors find their way through it by the instance's type: `if` it is a list, `then` …, `else` ….
 * So there is one message about a value, and it is about the form that was written. `anyOf` stands
 * only where they are to propose the words of one of its parts.
 */
#ifndef SCENARIO_SCHEMA_H
#define SCENARIO_SCHEMA_H

#include "base/text.h"

#include <jansson.h>

/* The reference is the caller's. */
json_t *schema_make(void);

/* As text for people: what fits on a line is on one. */
void schema_format(const json_t *schema, struct text *out);

#endif
