/* What the command line asks of a scenario beyond its text; see struct reading. */
#ifndef SCENARIO_ASKED_H
#define SCENARIO_ASKED_H

#include "scenario/check.h"

/* Gives the scenario its sources: the sets and filters, texts that have problems of their own. */
void asked_sources(struct scenario *scenario);

/* The tree with the values of `--set` in it, in the order of the command line; `root` is NULL for
 * an empty text. The trees share what was not touched. */
const struct node *sets_apply(struct check *check, const struct node *root);

/* `--filter`: words like `executor=async,thread` and `workers > 8`, each a test of a rule. Of
 * several scenarios, one need not have what a filter names: the rule is then left out. */
void filters_read(struct check *check);

#endif
