/* Problems as JSON, for editors and scripts. */
#ifndef COMMANDS_DIAG_JSON_H
#define COMMANDS_DIAG_JSON_H

#include "scenario/diag.h"

#include <jansson.h>

/*
 * Adds an object for each problem to an array; sorts them first. Of very many the first ones, and
 * one that says how many more there are.
 *
 *   file        the scenario, as it was given; null, as source then is: the
 *               command line is wrong
 *   line        from 1; null: the file as a whole
 *   column      from 1, in characters
 *   end_column  behind what is meant, on the same line; null: not known
 *   severity    error, warning or note
 *   message     in one line
 *   note        what is allowed, or what to do; null: nothing
 *   source      what line and column are in: the file, or an option such as `--set workers=[1,8]`
 */
void diag_add_json(struct diag *diag, json_t *array);

#endif
