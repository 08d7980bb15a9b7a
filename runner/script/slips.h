/* What is most likely wrong with a Lua expression that is none: units, and the operators of other
 * languages. */
#ifndef SCRIPT_SLIPS_H
#define SCRIPT_SLIPS_H

#include "base/text.h"

#include <stdbool.h>

/* Adds what to write instead of the first slip; false if there is none. */
bool slips_find(const char *expression, struct text *advice);

#endif
