#include "script/claim.h"

#include "base/text.h"
#include "script/scan.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_NAME "that"

struct collected {
	struct arena *arena;
	const char **names; /* owned until they are in the arena */
	size_t count, capacity;
};

static void collect(void *arg, const char *name, size_t length)
{
	struct collected *collected = arg;
	for (size_t i = 0; i < collected->count; i++)
		if (strlen(collected->names[i]) == length &&
			memcmp(collected->names[i], name, length) == 0)
			return;
	collected->names = memory_grow(
		collected->names, collected->count, &collected->capacity, sizeof(char *));
	collected->names[collected->count++] = arena_copy(collected->arena, name, length);
}

struct compilation {
	const char *plain;  /* what messages are about */
	const char *single; /* the same in parentheses: one value, and nothing behind it */
	int function;
};

static void load(lua_State *lua, const char *text)
{
	if (luaL_loadbufferx(lua, text, strlen(text), "=" CHUNK_NAME, "t") != LUA_OK)
		lua_error(lua);
}

static int compile(lua_State *lua)
{
	struct compilation *compilation = lua_touserdata(lua, 1);
	load(lua, compilation->plain);
	load(lua, compilation->single);
	compilation->function = luaL_ref(lua, LUA_REGISTRYINDEX);
	return 0;
}

/* The line of an expression is of no use. */
static int without_place(struct err *err)
{
	size_t length = strlen(CHUNK_NAME ":");
	if (strncmp(err->text, CHUNK_NAME ":", length) == 0) {
		const char *message = err->text + length;
		message += strspn(message, "0123456789: ");
		memmove(err->text, message, strlen(message) + 1);
	}
	return -1;
}

int claim_compile(struct claim *claim, struct state *state, struct arena *arena, const char *text,
	struct err *err)
{
	struct collected collected = {.arena = arena};
	struct compilation compilation = {0};
	struct text plain, single;
	text_init(&plain);
	text_init(&single);
	text_add(&plain, "return ");
	scan_expression(text, collect, &collected, &plain);
	text_addf(&single, "return (%s\n)", text_get(&plain) + strlen("return "));
	compilation.plain = text_get(&plain);
	compilation.single = text_get(&single);
	int failed = state_protect(state, compile, &compilation, 0, err);
	text_release(&plain);
	text_release(&single);
	const char **names = arena_alloc(arena, (collected.count + 1) * sizeof(char *));
	if (collected.count)
		memcpy(names, collected.names, collected.count * sizeof(char *));
	free(collected.names);
	*claim = (struct claim){state, compilation.function, names, collected.count};
	return failed ? without_place(err) : 0;
}

struct trial {
	const struct claim *claim;
	const struct claim_value *values;
	bool holds;
	bool other; /* its value is a number, a text: no truth value, and not just unknown */
};

/* Protected. The function's only upvalue is its environment. */
static int test(lua_State *lua)
{
	struct trial *trial = lua_touserdata(lua, 1);
	const struct claim *claim = trial->claim;
	lua_rawgeti(lua, LUA_REGISTRYINDEX, claim->function);
	lua_createtable(lua, 0, (int)claim->name_count);
	for (size_t i = 0; i < claim->name_count; i++) {
		datum_push(lua, trial->values[i].kind, trial->values[i].text);
		lua_setfield(lua, -2, claim->names[i]);
	}
	lua_setupvalue(lua, -2, 1);
	lua_call(lua, 0, 1);
	trial->other = !lua_isboolean(lua, -1) && !lua_isnil(lua, -1);
	if (!lua_isboolean(lua, -1))
		return luaL_error(lua, "its value is %s%s, not true or false",
			lua_isnil(lua, -1) ? "" : "a ", luaL_typename(lua, -1));
	trial->holds = lua_toboolean(lua, -1);
	return 0;
}

static bool is_unknown(const struct claim_value *value)
{
	return value->kind != DATUM_TEXT && !*value->text;
}

/* What failed most likely did because of what is unknown. */
static void explain(const struct claim *claim, const struct claim_value *values, struct err *err)
{
	struct text unknown;
	size_t count = 0;
	text_init(&unknown);
	for (size_t i = 0; i < claim->name_count; i++)
		if (is_unknown(&values[i]))
			text_addf(&unknown, "%s%s", count++ ? ", " : "", claim->names[i]);
	if (count)
		err_set(err, "%.400s %s unknown", text_get(&unknown), count == 1 ? "is" : "are");
	else
		without_place(err);
	text_release(&unknown);
}

static int run(struct trial *trial, struct err *err)
{
	state_watch(trial->claim->state, STATE_PATIENCE_NS, NULL, NULL);
	int failed = state_protect(trial->claim->state, test, trial, 0, err);
	state_unwatch(trial->claim->state);
	return failed;
}

int claim_try(const struct claim *claim, const struct claim_value *values, struct err *err)
{
	struct trial trial = {.claim = claim, .values = values};
	return run(&trial, err) && trial.other ? without_place(err) : 0;
}

enum claim_verdict claim_test(
	const struct claim *claim, const struct claim_value *values, struct err *err)
{
	struct trial trial = {.claim = claim, .values = values};
	if (!run(&trial, err))
		return trial.holds ? CLAIM_HOLDS : CLAIM_FAILS;
	explain(claim, values, err);
	return CLAIM_CANNOT_TELL;
}
