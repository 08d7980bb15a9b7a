/* `conrun plan --explain CELL`: where each value of an experiment comes from. */
#ifndef COMMANDS_EXPLAIN_H
#define COMMANDS_EXPLAIN_H

#include "commands/prepare.h"

/* Is CELL a rule, as a filter is, for the reading's `cell`? Else it is an id or its beginning. */
bool explain_is_rule(const char *cell);

/* Explains the cells of all plans that are meant. -1: there is none, or an id's beginning is that
 * of several. */
int explain(const struct prepared_list *list, const char *cell, struct err *err);

#endif
