/*
 * A script's `params` and `metrics` as the tables that drive checking, sweeps, lists and columns.
 * They are sorted by name: Lua's tables have no order of their own.
 */
#include "base/naming.h"
#include "measure/result.h"
#include "workloads/lua.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARAMS_MOST = 64, PARAM_BYTES = sizeof(struct option_list) };

/* ---- lines ---- */

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where `name` is set, as `name =`; or, as a keyword, where it stands. NULL: nowhere. */
static const char *find_set(const char *text, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = text; (at = strstr(at, name)); at += length) {
		const char *behind = at + length + strspn(at + length, " \t\"']");
		bool set = (*behind == '=' && behind[1] != '=') || !strcmp(name, "return");
		if (set && !is_word(at[length]) && (at == text || !is_word(at[-1])))
			return at;
	}
	return NULL;
}

static const char *last_set(const char *text, const char *name)
{
	const char *last = NULL;
	for (const char *at = text; (at = find_set(at, name)); at++)
		last = at;
	return last;
}

/* A table knows no lines, but the text nearly always says where it was set. 0: not known. */
static int line_of(const char *text, const char *section, const char *name)
{
	const char *at = section ? last_set(text, section) : NULL;
	const char *set = at ? find_set(at, name) : last_set(text, name);
	int line = 1;
	if (!set)
		set = at;
	for (const char *c = text; set && c < set; c++)
		line += *c == '\n';
	return set ? line : 0;
}

int lua_complain(lua_State *lua, const struct lua_reading *reading, const char *section,
	const char *name, const char *format, ...)
{
	char text[sizeof(((struct err *)0)->text)];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	int line = line_of(reading->text, section, name);
	lua_pushfstring(lua, "%s:", reading->path);
	if (line)
		lua_pushfstring(lua, "%d:", line);
	else
		lua_pushliteral(lua, "");
	lua_pushfstring(lua, " %s", text);
	lua_concat(lua, 3);
	return lua_error(lua);
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

const char **lua_names(
	lua_State *lua, const struct lua_reading *reading, const char *section, size_t *count)
{
	const char *where = section ? section : "the script's table";
	size_t most = 0;
	for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1))
		most++;
	const char **names = arena_alloc(reading->arena, (most + 1) * sizeof(*names));
	*count = 0;
	for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1)) {
		if (lua_type(lua, -2) != LUA_TSTRING)
			lua_complain(lua, reading, NULL, section ? section : "return",
				"a key in %s is a %s, not a name", where, luaL_typename(lua, -2));
		names[(*count)++] = arena_text(reading->arena, lua_tostring(lua, -2));
	}
	qsort(names, *count, sizeof(*names), by_name);
	return names;
}

void lua_check_name(lua_State *lua, const struct lua_reading *reading, const char *section,
	const char *set, const char *name, const char *const *known, const char *what)
{
	size_t count = 0;
	for (; known[count]; count++)
		if (strcmp(known[count], name) == 0)
			return;
	const char *nearest = text_nearest(name, known, count);
	struct text list;
	text_init(&list);
	for (size_t i = 0; i < count; i++)
		text_addf(&list, "%s%s", i ? ", " : "", known[i]);
	char message[400];
	snprintf(message, sizeof(message), "unknown %s '%.40s'%s%s%s; allowed: %s", what, name,
		nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "",
		text_get(&list));
	text_release(&list);
	lua_complain(lua, reading, section, set, "%s", message);
}

static void check_spelling(lua_State *lua, const struct lua_reading *reading, const char *section,
	const char *name, const char *const *taken)
{
	if (!naming_is_name(name))
		lua_complain(lua, reading, section, name,
			"'%.60s' is no name in %s; use up to %d of a-z, 0-9 and _", name, section,
			NAMING_MOST_BYTES);
	if (naming_is_among(name, taken))
		lua_complain(lua, reading, section, name,
			"'%s' cannot be a name in %s; it has a meaning already", name, section);
}

/* ---- params ---- */

static const struct {
	const char *name;
	enum option_type type;
} types[] = {
	{"integer", OPTION_INTEGER},
	{"number", OPTION_NUMBER},
	{"boolean", OPTION_BOOL},
	{"duration", OPTION_DURATION},
	{"size", OPTION_SIZE},
	{"rate", OPTION_RATE},
	{"percent", OPTION_PERCENT},
	{"enum", OPTION_ENUM},
	{"text", OPTION_TEXT},
};

enum { TYPES = sizeof(types) / sizeof(types[0]) };

/* A parameter while it is read; its table is on top of the stack. */
struct param {
	const struct lua_reading *reading;
	struct option *option;
	const char *name;
};

static int param_error(lua_State *lua, const struct param *param, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int param_error(lua_State *lua, const struct param *param, const char *format, ...)
{
	char text[400];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return lua_complain(
		lua, param->reading, "params", param->name, "param '%s': %s", param->name, text);
}

static void read_type(lua_State *lua, const struct param *param)
{
	const char *names[TYPES + 1] = {NULL};
	for (size_t i = 0; i < TYPES; i++)
		names[i] = types[i].name;
	if (lua_raw(lua, -1, "type") != LUA_TSTRING)
		param_error(lua, param, "has no 'type'; write for instance type = \"integer\"");
	const char *name = lua_tostring(lua, -1);
	lua_check_name(lua, param->reading, "params", param->name, name, names, "type");
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(names[i], name) == 0)
			param->option->type = types[i].type;
	lua_pop(lua, 1);
}

static void read_choices(lua_State *lua, const struct param *param)
{
	bool wanted = param->option->type == OPTION_ENUM;
	int type = lua_raw(lua, -1, "choices");
	size_t count = type == LUA_TTABLE ? lua_rawlen(lua, -1) : 0;
	if (wanted != (count > 0) || (type != LUA_TTABLE && type != LUA_TNIL))
		param_error(lua, param,
			wanted ? "an enum needs choices = { \"…\", \"…\" }"
			       : "only an enum has 'choices'");
	const char **choices = arena_alloc(param->reading->arena, (count + 1) * sizeof(*choices));
	for (size_t i = 0; i < count; i++) {
		if (lua_rawgeti(lua, -1, (lua_Integer)i + 1) != LUA_TSTRING)
			param_error(
				lua, param, "a choice is a %s, not a text", luaL_typename(lua, -1));
		choices[i] = arena_text(param->reading->arena, lua_tostring(lua, -1));
		lua_pop(lua, 1);
	}
	if (wanted)
		param->option->choices = choices;
	lua_pop(lua, 1);
}

static const char *read_text(lua_State *lua, const struct param *param, const char *key)
{
	int type = lua_raw(lua, -1, key);
	const char *text = NULL;
	if (type == LUA_TBOOLEAN)
		text = lua_toboolean(lua, -1) ? "true" : "false";
	else if (type == LUA_TNUMBER || type == LUA_TSTRING)
		text = arena_text(param->reading->arena, luaL_tolstring(lua, -1, NULL));
	else if (type != LUA_TNIL)
		param_error(lua, param, "'%s' is a %s, not a value", key, lua_typename(lua, type));
	lua_pop(lua, type == LUA_TNUMBER || type == LUA_TSTRING ? 2 : 1);
	return text;
}

static union value parse(
	lua_State *lua, const struct param *param, const char *key, const char *text)
{
	union value value;
	struct err err;
	if (option_parse(param->option, text, param->reading->arena, &value, &err) != 0)
		param_error(lua, param, "%s: %s", key, err.text);
	return value;
}

/* Bounds are values of the type themselves, and the default lies between them. */
static void read_values(lua_State *lua, const struct param *param)
{
	struct option *option = param->option;
	const char *min = read_text(lua, param, "min"), *max = read_text(lua, param, "max");
	bool bounded = option->type != OPTION_BOOL && option->type != OPTION_ENUM &&
		       option->type != OPTION_TEXT;
	if ((min || max) && !bounded)
		param_error(lua, param, "a %s has neither min nor max", option_type_name(option));
	union value low = {0}, high = {0};
	if (min)
		low = parse(lua, param, "min", min);
	if (max)
		high = parse(lua, param, "max", max);
	if (min && max && option_compare(option, low, high) > 0)
		param_error(lua, param, "min %s is more than max %s", min, max);
	option->min = min;
	option->max = max;
	option->fallback = read_text(lua, param, "default");
	if (option->fallback)
		parse(lua, param, "default", option->fallback);
}

static void read_param(lua_State *lua, const struct param *param)
{
	static const char *const known[] = {
		"type", "default", "min", "max", "choices", "help", NULL};
	if (!lua_istable(lua, -1))
		param_error(lua, param, "is a %s, not a table such as { type = \"integer\" }",
			luaL_typename(lua, -1));
	size_t count;
	const char **names = lua_names(lua, param->reading, "params", &count);
	for (size_t i = 0; i < count; i++)
		lua_check_name(lua, param->reading, "params", param->name, names[i], known, "key");
	read_type(lua, param);
	read_choices(lua, param);
	read_values(lua, param);
	const char *help = read_text(lua, param, "help");
	param->option->help = help ? help : "";
}

void lua_read_params(lua_State *lua, const struct lua_reading *reading)
{
	size_t count;
	const char **names = lua_names(lua, reading, "params", &count);
	if (count > PARAMS_MOST)
		lua_complain(lua, reading, NULL, "params", "%zu params; the most is %d", count,
			PARAMS_MOST);
	struct option *options = arena_alloc(reading->arena, (count + 1) * sizeof(*options));
	for (size_t i = 0; i < count; i++) {
		struct param param = {reading, &options[i], names[i]};
		check_spelling(lua, reading, "params", names[i], naming_keys);
		options[i].name = names[i];
		options[i].offset = i * PARAM_BYTES;
		lua_raw(lua, -1, names[i]);
		read_param(lua, &param);
		lua_pop(lua, 1);
	}
	reading->workload->params = options;
	reading->workload->params_bytes = count * PARAM_BYTES;
}

/* ---- w.params ---- */

static void push_param(lua_State *lua, const struct option *option, const void *at)
{
	switch (option->type) {
	case OPTION_BOOL:
		lua_pushboolean(lua, *(const bool *)at);
		break;
	case OPTION_INTEGER:
	case OPTION_SIZE:
		lua_pushinteger(lua, *(const int64_t *)at);
		break;
	case OPTION_DURATION: /* seconds, as w.sleep takes them */
		lua_pushnumber(lua, (double)*(const int64_t *)at / 1e9);
		break;
	case OPTION_NUMBER:
	case OPTION_RATE:
	case OPTION_PERCENT:
		lua_pushnumber(lua, *(const double *)at);
		break;
	case OPTION_ENUM:
		lua_pushstring(lua, option->choices[*(const int *)at]);
		break;
	case OPTION_TEXT:
		lua_pushstring(lua, *(const char *const *)at);
		break;
	}
}

void lua_push_params(lua_State *lua, const struct job *job)
{
	lua_newtable(lua);
	for (const struct option *option = job->workload->params; option && option->name;
		option++) {
		push_param(lua, option, (const char *)job->params + option->offset);
		lua_setfield(lua, -2, option->name);
	}
}

/* ---- metrics ---- */

static enum metric_merge read_merge(
	lua_State *lua, const struct lua_reading *reading, const char *name)
{
	static const char *const merges[] = {[METRIC_SUM] = "sum", [METRIC_MAX] = "max", NULL};
	if (lua_type(lua, -1) != LUA_TSTRING)
		lua_complain(lua, reading, "metrics", name,
			"metric '%s' is a %s, not \"sum\" or \"max\"", name,
			luaL_typename(lua, -1));
	lua_check_name(
		lua, reading, "metrics", name, lua_tostring(lua, -1), merges, "kind of metric");
	return strcmp(lua_tostring(lua, -1), "max") == 0 ? METRIC_MAX : METRIC_SUM;
}

void lua_read_metrics(lua_State *lua, const struct lua_reading *reading)
{
	size_t count;
	const char **names = lua_names(lua, reading, "metrics", &count);
	if (count > RESULT_METRICS)
		lua_complain(lua, reading, NULL, "metrics", "%zu metrics; the most is %d", count,
			RESULT_METRICS);
	struct metric *metrics = arena_alloc(reading->arena, (count + 1) * sizeof(*metrics));
	for (size_t i = 0; i < count; i++) {
		check_spelling(lua, reading, "metrics", names[i], lua_w_names);
		lua_raw(lua, -1, names[i]);
		metrics[i] = (struct metric){names[i],
			arena_format(reading->arena, "counted by %s", reading->path),
			read_merge(lua, reading, names[i])};
		lua_pop(lua, 1);
	}
	reading->workload->metrics = metrics;
}
