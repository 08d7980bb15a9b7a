/*
 * A scenario's hooks: loaded before anything runs, so that their columns are known; called at the
 * end, one after the other, with every row, and then with all of them. One that fails is not
 * called again, and leaves no files; nothing else suffers.
 */
#ifndef REPORT_HOOKS_H
#define REPORT_HOOKS_H

#include "report/fields.h"
#include "report/hook_files.h"
#include "report/rows.h"
#include "scenario/diag.h"
#include "script/hook.h"

#include <stdbool.h>
#include <stddef.h>

struct session;

struct hook_run {
	const struct hook *hook;
	struct hook_script script;
	struct hook_files files;
	size_t first_added; /* its columns' place among those that are added */
	bool failed;
	struct err err; /* why */
};

struct hooks {
	struct hook_run *items; /* parallel to the scenario's; owned */
	size_t count;
	struct rows rows;
};

/* Loads them and declares their columns in `added`, which `fields` follows. Reports what is wrong;
 * release it in every case. */
void hooks_make(struct hooks *hooks, struct added *added, struct fields *fields, struct diag *diag);
void hooks_release(struct hooks *hooks);

/* Calls `row` of each hook with every row; and `finish`, with the files. */
void hooks_rows(struct hooks *hooks, struct added *added, const struct fields *fields,
	const struct session *session, const struct summary *summary);
void hooks_finish(struct hooks *hooks, const struct session *session);

bool hooks_failed(const struct hooks *hooks);

#endif
