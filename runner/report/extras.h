/*
 * What a scenario adds to its results in Lua: the hooks' columns and tables, and whether what it
 * expects holds. All of it is made and checked with the plan, before anything runs.
 */
#ifndef REPORT_EXTRAS_H
#define REPORT_EXTRAS_H

#include "report/expectations.h"
#include "report/hooks.h"

struct extras {
	const struct plan *plan;
	struct added added;
	struct fields fields;
	struct hooks hooks;
	struct expectations expectations;
};

/* On -1 what is wrong was written to stderr, with its place in the scenario, and nothing is left
 * to release. Warnings are written, too. It must stay in place until it is released. */
int extras_make(struct extras *extras, const struct plan *plan);
void extras_release(struct extras *extras);

/* When the figures are final: adds the hooks' columns, then judges the rows by these and their
 * own, then lets the hooks make their tables of all that. */
void extras_apply(struct extras *extras, const struct session *session, struct summary *summary);

/* `hook 'mine.lua' failed: mine.lua:3: …`, a line for each that did. */
void extras_complaints(const struct extras *extras, struct text *out);

/* `expectations: 7 of 8 hold`, and what is known of those that do not; nothing if there are
 * none. */
void extras_judgement(const struct extras *extras, struct text *out);

#endif
