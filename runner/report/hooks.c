#include "report/hooks.h"

#include "report/report.h"
#include "script/expr.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

/* ---- before anything runs ---- */

/* What a column cannot be called: words of Lua and of the files. */
static const char *taken_by(const struct fields *fields, const char *name)
{
	static const char *const words[] = {"and", "break", "do", "else", "elseif", "end", "false",
		"for", "function", "goto", "if", "in", "local", "nil", "not", "or", "repeat",
		"return", "then", "true", "until", "while"};
	static const char *const methods[] = {"ncpu", "latency", "wait", "times"};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], name) == 0)
			return "is a word of Lua";
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strcmp(methods[i], name) == 0)
			return "has a meaning of its own";
	int field = fields_find(fields, name);
	if (field != FIELD_NONE && fields->items[field].column)
		return "is one of conrun's own";
	if (field != FIELD_NONE && (fields->items[field].sweep || fields->items[field].metric))
		return "is one of this scenario's already";
	if (field != FIELD_NONE)
		return "is declared twice";
	for (const struct column *column = column_table; column->name || column->group; column++)
		if (column->name && strcmp(column->name, name) == 0)
			return "is one of conrun's own";
	return NULL;
}

static void declare(
	struct hook_run *run, struct added *added, struct fields *fields, struct diag *diag)
{
	run->first_added = added->count;
	for (size_t i = 0; i < run->script.column_count; i++) {
		const struct hook_column *column = &run->script.columns[i];
		const char *taken = taken_by(fields, column->name);
		if (taken)
			diag_error(diag, run->hook->place, "%s: the column '%s' %s",
				run->hook->path, column->name, taken);
		added_column(added, column->name, column->help);
		fields_update(fields);
	}
}

void hooks_make(struct hooks *hooks, struct added *added, struct fields *fields, struct diag *diag)
{
	const struct scenario *scenario = fields->plan->scenario;
	struct err err;
	*hooks = (struct hooks){.count = scenario->hook_count};
	hooks->items = memory_alloc((hooks->count + 1) * sizeof(*hooks->items));
	for (size_t i = 0; i < hooks->count; i++) {
		struct hook_run *run = &hooks->items[i];
		run->hook = &scenario->hooks[i];
		if (!hook_open(&run->script, run->hook->path, &err))
			declare(run, added, fields, diag);
		else
			diag_error(diag, run->hook->place, "%s", err.text);
	}
}

void hooks_release(struct hooks *hooks)
{
	for (size_t i = 0; i < hooks->count; i++) {
		hook_release(&hooks->items[i].script);
		if (hooks->items[i].files.folder)
			hook_files_release(&hooks->items[i].files);
	}
	free(hooks->items);
	text_release(&hooks->rows.scratch);
}

/* ---- at the end ---- */

/* One call and what it needs. */
struct calling {
	struct hooks *hooks;
	struct hook_run *run;
	struct added *added;
	const struct session *session;
	uint32_t row;
};

static bool interrupted(void *arg)
{
	(void)arg;
	return engine_interrupted();
}

/* After Ctrl-C hooks still see what there is: only one that comes later ends them. */
static struct hook_call call_with(struct calling *calling)
{
	const struct session *session = calling->session;
	return (struct hook_call){.arg = calling,
		.patience_ns = (uint64_t)session->plan->scenario->timeout_ns,
		.stop = session->interrupted ? NULL : interrupted};
}

static void push_row(lua_State *lua, void *arg)
{
	struct calling *calling = arg;
	rows_push(lua, &calling->hooks->rows, calling->row);
}

static void take(void *arg, size_t column, enum datum_kind kind, const char *text)
{
	struct calling *calling = arg;
	added_set(calling->added, calling->row, calling->run->first_added + column, kind, text);
}

static void call_rows(struct calling *calling)
{
	struct hook_call call = call_with(calling);
	struct hook_run *run = calling->run;
	call.push = push_row;
	call.take = take;
	for (uint32_t i = 0; i < calling->hooks->rows.summary->count && !run->failed; i++) {
		calling->row = i;
		run->failed = hook_row(&run->script, &call, &run->err) != 0;
	}
}

void hooks_rows(struct hooks *hooks, struct added *added, const struct fields *fields,
	const struct session *session, const struct summary *summary)
{
	hooks->rows.fields = fields;
	hooks->rows.summary = summary;
	for (size_t i = 0; i < hooks->count; i++) {
		struct calling calling = {hooks, &hooks->items[i], added, session, 0};
		call_rows(&calling);
	}
}

static void push_names(lua_State *lua, const struct fields *fields)
{
	lua_newtable(lua);
	for (size_t i = 0; i < fields->count; i++) {
		lua_pushstring(lua, fields->items[i].name);
		lua_seti(lua, -2, (lua_Integer)i + 1);
	}
	lua_setfield(lua, -2, "columns");
	/* An executor's options are in its label already. */
	lua_newtable(lua);
	lua_Integer count = 0;
	for (size_t i = 0; i < fields->plan->sweep_count; i++) {
		if (fields->plan->sweeps[i].of_executor)
			continue;
		lua_pushstring(lua, fields->plan->sweeps[i].column);
		lua_seti(lua, -2, ++count);
	}
	lua_setfield(lua, -2, "params");
}

static void push_results(lua_State *lua, void *arg)
{
	struct calling *calling = arg;
	struct rows *rows = &calling->hooks->rows;
	lua_newtable(lua);
	rows_push_all(lua, rows);
	lua_setfield(lua, -2, "rows");
	lua_pushstring(lua, calling->session->folder);
	lua_setfield(lua, -2, "path");
	lua_pushstring(lua, rows->fields->plan->scenario->name);
	lua_setfield(lua, -2, "scenario");
	lua_pushstring(lua, rows->fields->plan->scenario->description);
	lua_setfield(lua, -2, "description");
	lua_pushinteger(lua, expr_ncpu());
	lua_setfield(lua, -2, "ncpu");
	push_names(lua, rows->fields);
	hook_files_push(lua, &calling->run->files);
}

static void finish_one(struct calling *calling)
{
	struct hook_run *run = calling->run;
	struct hook_call call = call_with(calling);
	call.push = push_results;
	hook_files_init(
		&run->files, calling->session->folder, calling->session->plan->scenario->path);
	run->failed = hook_finish(&run->script, &call, &run->err) ||
		      hook_files_commit(&run->files, &run->err);
}

void hooks_finish(struct hooks *hooks, const struct session *session)
{
	for (size_t i = 0; i < hooks->count; i++) {
		struct calling calling = {hooks, &hooks->items[i], NULL, session, 0};
		if (!calling.run->failed)
			finish_one(&calling);
	}
}

bool hooks_failed(const struct hooks *hooks)
{
	for (size_t i = 0; i < hooks->count; i++)
		if (hooks->items[i].failed)
			return true;
	return false;
}
