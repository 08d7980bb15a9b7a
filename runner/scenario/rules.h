/* One rule; the sections that hold rules are in settings.c. */
#ifndef SCENARIO_RULES_H
#define SCENARIO_RULES_H

#include "scenario/check.h"

/* `what` names the rule in messages: "an exclude", "'when'". */
void rule_read(
	struct check *check, const struct node *node, const char *what, struct rule *rule);

#endif
