/*
 * Checking: YAML nodes → the scenario. Every section is a table of what may stand in it; the
 * table drives the reading, the "missing", the "unknown key … did you mean" and the list of
 * what is allowed. Whoever finds a problem reports it and the checking goes on, so that all of
 * them show at once; whether the scenario is good is whether `diag` has no error in the end.
 */
#ifndef SCENARIO_CHECK_H
#define SCENARIO_CHECK_H

#include "base/option.h"
#include "scenario/node.h"
#include "scenario/scenario.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	CHECK_VALUES_MOST = 1000000, /* that all ranges of a scenario make together */
	CHECK_COMBINATIONS_MOST =
		10000, /* of one workload's parameters, if all are to be checked */
	CHECK_COMBINATIONS_TOTAL = 100000, /* of all workloads */
};

struct check {
	struct scenario *scenario;
	struct arena *arena;   /* the scenario's */
	struct arena *scratch; /* what only the checking needs */
	struct diag *diag;
	const char *folder;                    /* of the file; see struct workload_entry */
	size_t values_left, combinations_left; /* of the totals above */
	const struct workload_entry **by_name; /* the scenario's workloads, sorted */
	const struct workload **types;         /* that the workloads have, each once; owned */
	size_t type_count, type_capacity;
	bool *executor_used; /* parallel to the registry */
	const struct stray *strays;
};

/* A key of the scenario's top level that stands deeper, which was reported. */
struct stray {
	const struct pair *pair;
	const struct stray *next;
};

/* ---- sections: section.c, elsewhere.c ---- */

/* What a key's value looks like: what the reader takes, said for the schema. */
struct form {
	enum {
		FORM_SAME,    /* a value of the option that has the range */
		FORM_VALUE,   /* one of `option`, or a mapping by `section` if there is one */
		FORM_CHOICES, /* what to try for `option` */
		FORM_TEXT,    /* any text; with a `pattern`, a regular expression, only such */
		FORM_SECTION, /* a mapping by `section` */
		FORM_RULE,
		FORM_INCLUDE,
		FORM_WORKLOADS,
		FORM_WORKLOAD_TYPE,
		FORM_EXECUTORS,
		FORM_EXECUTOR_TYPE,
	} kind;
	bool list; /* or a list of such values */
	const struct option *option;
	const struct section *section;
	const char *pattern;
};

/* A key whose value has a form of its own; plain values stand in the section's option table. */
struct key {
	const char *name; /* NULL ends the table */
	const char *help;
	bool required;
	/* Reads the value into the section's object; NULL: whoever reads the section does it.
	 */
	void (*read)(struct check *check, const struct node *value, void *into);
	struct form form;
};

enum home { HOME_OTHER, HOME_TOP, HOME_WORKLOAD, HOME_EXECUTOR, HOME_INCLUDE };

struct section {
	const char *what; /* "the scenario", "executor thread" */
	enum home home;
	const struct key *keys;
	const struct option *options; /* may be NULL */
	/* Takes the value of an option, by its place in the table. */
	void (*take)(struct check *check, const struct option *option, size_t index,
		const struct node *value, void *into);
	bool partial; /* options without a default may be left out */
};

/* Reads a mapping into an object, in the order of the tables; false if `node` is no mapping. */
bool section_read(
	struct check *check, const struct section *section, const struct node *node, void *into);

/* The pair of a key. Where it is missing, the one that was most likely meant to be it: reading the
 * section reports that as unknown. Or NULL. */
const struct pair *section_find(struct check *check, const struct section *section,
	const struct node *map, const char *name);

/* A section's `take` for plain values: stores them into the object by their offsets. */
void section_take_value(struct check *check, const struct option *option, size_t index,
	const struct node *value, void *into);

/* A section's `take` for choices: `into` is an array parallel to the options. */
void section_take_choices(struct check *check, const struct option *option, size_t index,
	const struct node *value, void *into);

/* Is `node` of that kind? If not, reports that `what` must be. */
bool check_kind(
	struct check *check, const struct node *node, enum node_kind kind, const char *what);

/* Adds to what check_kind has just reported of a node what to write instead. */
void check_advise(struct check *check, const struct node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Calls `each` for every item of a list, or once for what is no list. */
void check_each(struct check *check, const struct node *node,
	void (*each)(struct check *, const struct node *, void *), void *into);

/* Reports an unknown key that belongs elsewhere; false if it belongs nowhere. */
bool elsewhere_report(struct check *check, const struct section *section, const struct pair *pair);

/* Is it a key of the scenario? */
bool elsewhere_is_top_level(const char *name);

/* ---- what is allowed: names.c ---- */

struct names {
	const char **items; /* owned; the names are borrowed */
	size_t count, capacity;
};

void names_add(struct names *names, const char *name);

/* Reports a problem with `word`, what it may have been meant to be and all that is allowed;
 * releases the names. */
void names_report(struct check *check, struct place place, struct names *names, const char *word,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* ---- values: choices.c, range.c ---- */

/* One value: a single one, or a list for an option that holds a list. */
bool value_read(struct check *check, const struct option *option, const struct node *node,
	union value *value);

/* "A list means try each": one value, a list of them, or a range. */
void choices_read(struct check *check, const struct option *option, const struct node *node,
	struct choices *choices);

/* The defaults of a table, each as the only choice; none for what must be given. */
struct choices *choices_defaults(struct check *check, const struct option *table);

/* Values as they are collected. */
struct values {
	struct value_at {
		union value value;
		const struct node *node; /* where it comes from */
	} * items;                       /* owned */
	size_t count, capacity;
};

void values_add(struct values *values, union value value, const struct node *node);

/* Adds the values of `{ from, to, step | factor }`. */
void range_read(struct check *check, const struct option *option, const struct node *node,
	struct values *values);

bool range_allowed(const struct option *option); /* can `option` have ranges? */

extern const struct key range_keys[];
extern const struct option workers_option;
extern const struct option repeat_option; /* a number of runs */

/* ---- loads: loads.c ---- */

void loads_defaults(struct check *check, struct loads *loads);

/* Takes over what a mapping, the scenario or an include, says about its load. */
void loads_read(struct check *check, const struct node *map, struct loads *loads);

/* Reports a load that cannot be run, once all is read; where overrides change loads or timeouts
 * only the plan can tell. */
void loads_check(struct check *check, const struct loads *loads);

/* ---- the sections ---- */

/* Plain values, by their offsets in struct scenario; and all else at the top level. */
extern const struct option scenario_settings[];
extern const struct key scenario_keys[];

/* What else stands beside options. Of a type that stands for files a workload has `script`. */
extern const struct key workload_keys[], workload_file_keys[], executor_keys[], include_keys[];

/* The names that a workload may have, and a scenario: regular expressions of the same meaning as
 * the functions that check them. */
enum { NAME_MOST_BYTES = 64 };
extern const char workload_name_pattern[], scenario_name_pattern[];

extern const struct section override_section, expect_section, repeats_section, output_section;

/* A name that is safe as a folder's; and the nearest one to what was wanted, `name` of
 * NAME_MOST_BYTES + 1. */
bool name_is_safe(const char *name);
void name_make_safe(const char *wanted, char *name);

void settings_defaults(struct scenario *scenario);
void name_read(struct check *check, const struct node *node, void *scenario);
void name_default(struct check *check);
void name_quick(struct check *check); /* so that the newest real results stay */
void repeats_read(struct check *check, const struct node *node, void *scenario);
void output_read(struct check *check, const struct node *node, void *scenario);
void workloads_read(struct check *check, const struct node *node, void *scenario);
void executors_read(struct check *check, const struct node *node, void *scenario);
void includes_read(struct check *check, const struct node *node, void *scenario);
void excludes_read(struct check *check, const struct node *node, void *scenario);
void overrides_read(struct check *check, const struct node *node, void *scenario);
void baseline_read(struct check *check, const struct node *node, void *scenario);
void expects_read(struct check *check, const struct node *node, void *scenario);
void hooks_read(struct check *check, const struct node *node, void *scenario);

/* The scenario's workload of that name, or NULL. */
const struct workload_entry *workload_entry_find(const struct check *check, const char *name);

/* The scenario's workload that a node names; NULL: there is none, which is reported. */
const struct workload_entry *workload_named(struct check *check, const struct node *node);

/* The type that a workload, a name with a mapping, says it is; NULL: there is none, which is
 * reported. Of a type that stands for files it is the one that the key names, and makes. */
#define SCRIPT_KEY "script"
const struct workload *workload_type(
	struct check *check, const struct pair *workload, const char *what);

/* Asks the workload itself about its parameters' combinations. */
void workload_check(struct check *check, struct place place, const struct workload *type,
	const struct choices *choices);

/* Executors as a name, a mapping, or a list of these; added to `list`, struct executor_list. */
struct executor_list {
	struct executor_entry *items; /* owned */
	size_t count, capacity;
};
void executor_list_read(struct check *check, const struct node *node, struct executor_list *list);

#endif
