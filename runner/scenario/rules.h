/* One rule; the sections that hold rules are in settings.c. */
#ifndef SCENARIO_RULES_H
#define SCENARIO_RULES_H

#include "scenario/check.h"

/* `what` names the rule in messages: "an exclude", "'when'". */
void rule_read(struct check *check, const struct node *node, const char *what, struct rule *rule);

/* What a rule can test beside the options of workloads and executors. Ends without a name. */
extern const struct rule_own {
	const char *name;
	enum rule_key key;
	const struct option *option; /* what types its values; or NULL */
	const char *help;            /* NULL: the option's */
} rule_own[];

/* Can a value of the option be compared by size: ">32"? */
bool rule_compares(const struct option *option);

/* How a value is compared, and how that is written. */
struct rule_sign {
	const char *sign;
	enum rule_op op;
};

/* The one that a text begins with, or NULL. */
const struct rule_sign *rule_sign_at(const char *text);

/* Reports what a text begins with if that is a comparison of other languages. */
bool rule_report_slip(struct check *check, struct place place, const char *text);

/* One test of a rule: the key, and a value or a list of them. What compares them stands in front of
 * the value (NULL) or is said here. */
void rule_test_read(struct check *check, const struct node *key, const enum rule_op *op,
	const struct node *value, const char *what, struct rule_test *test);

#endif
