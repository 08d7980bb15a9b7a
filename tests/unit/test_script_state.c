/* The host of scripts: what they can reach, what stops them, and how their errors read. */
#include "base/text.h"
#include "script/find.h"
#include "script/state.h"

#include <errno.h>
#include <lauxlib.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

static char folder[64];
static uint64_t patience_ns = UINT64_C(30000000000);

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/conrun-unit-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static const char *write_file(const char *name, const char *text, size_t length)
{
	static char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
	return path;
}

static int remove_folder(void **state)
{
	char path[128];
	static const char *const names[] = {"a.lua", "m.lua"};
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, names[i]);
		unlink(path);
	}
	return rmdir(folder);
}

/* Loads a.lua with this text; the error, or "" where it gave a table. */
static const char *load_bytes(const char *text, size_t length)
{
	static struct err err;
	struct state state;
	const char *path = write_file("a.lua", text, length);
	err.text[0] = '\0';
	assert_int_equal(state_open(&state, folder, &err), 0);
	state_watch(&state, patience_ns, NULL, NULL);
	if (state_load(&state, path, &err) == 0)
		assert_true(lua_istable(state.lua, -1));
	else
		assert_int_equal(lua_gettop(state.lua), 0);
	state_close(&state);
	return err.text;
}

static const char *load(const char *text)
{
	return load_bytes(text, strlen(text));
}

/* What is left of an error behind the folder, which every one of these names. */
static void fails(const char *script, const char *expected)
{
	const char *text = load(script);
	const char *name = strstr(text, "a.lua");
	if (!name || !strstr(name, expected))
		fail_msg("'%s' is not in '%s'", expected, text);
}

static void good_scripts(void **state)
{
	(void)state;
	static const char *const scripts[] = {
		"return {}",
		"#!/usr/bin/lua\nreturn { a = string.rep('x', 10), b = utf8.char(228) }",
		"\xef\xbb\xbfreturn { t = os.time(), d = os.date('%Y'), c = os.clock() }",
		"local m = setmetatable({}, { __index = math }) return { m.floor(1.5) }",
		"return coroutine.wrap(function() coroutine.yield({}) end)()",
		"return load('return {}')()",
		"return { select(2, xpcall(error, function(e) return e .. '!' end, 'a')) }",
	};
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		assert_string_equal(load(scripts[i]), "");
}

static void what_is_not_there(void **state)
{
	(void)state;
	static const char *const expressions[] = {"io", "debug", "dofile", "loadfile", "os.execute",
		"os.remove", "os.rename", "os.exit", "os.getenv", "os.tmpname", "os.setlocale",
		"package.loadlib", "package.cpath", "package.loaded.io", "package.loaded.debug",
		"package.searchers[3]", "package.loaded.os"};
	char script[128];
	for (size_t i = 0; i < sizeof(expressions) / sizeof(expressions[0]); i++) {
		snprintf(script, sizeof(script), "assert(%s == nil) return {}", expressions[i]);
		assert_string_equal(load(script), "");
	}
}

static void binary_code_is_refused(void **state)
{
	(void)state;
	assert_string_equal(
		load("assert(not load(string.dump(function() end))) "
		     "assert(not load(string.dump(function() end), 'x', 'b')) return {}"),
		"");
	assert_non_null(strstr(load_bytes("\x1bLua\x54\0\x19\x93", 8), "binary"));
}

static void errors_say_where(void **state)
{
	(void)state;
	fails("return {\n  a = = 1 }", "a.lua:2: unexpected symbol near '='");
	fails("\n\nerror('boom')", "a.lua:3: boom");
	fails("\nerror('boom', 0)", "a.lua:2: boom");
	fails("local function f()\n error('deep') end\nlocal function g() f() return 1 end\n\ng()",
		"a.lua:2: deep; called from ");
	fails("local function f()\n error('deep') end\nlocal function g() f() return 1 end\n\ng()",
		"a.lua:5");
	fails("local t\nreturn t.x", "a.lua:2: attempt to index a nil value");
	fails("return string.rep()", "a.lua:1: bad argument #1 to 'rep'");
	fails("#!/usr/bin/lua\n\nerror('x')", "a.lua:3: x");
	fails("error('two\\nlines\\27')", "a.lua:1: two lines ");
}

static void errors_that_are_no_text(void **state)
{
	(void)state;
	fails("\nerror({})", "a.lua:2: the error is a table value");
	fails("error(nil)", "a.lua:1: the error is a nil value");
	fails("error(setmetatable({}, { __tostring = function() return 'mine' end }))",
		"a.lua:1: mine");
	fails("error(setmetatable({}, { __tostring = function() error('again') end }))",
		"a.lua:1: the error cannot be shown");
	fails("error(12)", "a.lua:1: 12");
}

static void nonsense_returned(void **state)
{
	(void)state;
	fails("return 5", "a.lua:1: returns a number value, not a table");
	fails("local x = 1", "a.lua:1: returns nothing, not one table");
	fails("return {}, {}", "a.lua:1: returns several values, not one table");
	fails("return function() end", "a.lua:1: returns a function value");
}

static void too_much(void **state)
{
	(void)state;
	fails("\nlocal s = string.rep('x', 1 << 30) return {}",
		"a.lua:2: the script needs too much memory; it may have 256 MiB");
	fails("local t = {}\nfor i = 1, 1e9 do\n t[i] = i end",
		"a.lua:3: the script needs too much");
	fails("local function f()\n return 1 + f() end\nf()", "a.lua:2: stack overflow");
	fails("local function f() return pcall(f) end f() error('out')", "a.lua:1: out");
	fails("local s = ('x'):rep(1e6) local function f(a) return s:gsub('x', f) end f()",
		"a.lua:1: ");
}

static void what_never_ends(void **state)
{
	(void)state;
	uint64_t before_ns = patience_ns;
	patience_ns = 100 * 1000 * 1000;
	fails("while true do end", "a.lua:1: the script takes too long");
	fails("\nrepeat pcall(function() while true do end end) until false", "takes too long");
	fails("while true do xpcall(function() while true do end end, "
	      "function() while true do end end) end",
		"takes too long");
	fails("coroutine.wrap(function() while true do end end)()", "takes too long");
	fails("while true do coroutine.resume(coroutine.create(function() while true do end end)) "
	      "end",
		"takes too long");
	fails("return setmetatable({}, { __gc = function() while true do end end })",
		"a.lua:1: a metatable with __gc is not allowed");
	fails("error(setmetatable({}, { __tostring = function() while true do end end }))",
		"a.lua:1");
	patience_ns = before_ns;
}

static bool stop_now(void *arg)
{
	return ++*(int *)arg >= 3;
}

static void can_be_interrupted(void **state)
{
	struct state it;
	struct err err;
	int asked = 0;
	(void)state;
	assert_int_equal(state_open(&it, folder, &err), 0);
	state_watch(&it, 0, stop_now, &asked);
	assert_int_equal(state_compile(&it, "while true do end", "=it", &err), 0);
	assert_int_equal(state_call(&it, 0, 0, &err), -1);
	assert_string_equal(err.text, "it:1: the script was interrupted");
	assert_int_equal(asked, 3);
	/* Unwatched, it goes on as if nothing had been. */
	state_unwatch(&it);
	assert_int_equal(state_compile(&it, "for i = 1, 1e5 do end return 7", "=it", &err), 0);
	assert_int_equal(state_call(&it, 0, 1, &err), 0);
	assert_int_equal(lua_tointeger(it.lua, -1), 7);
	assert_int_equal(lua_gettop(it.lua), 1);
	state_close(&it);
}

static void globals_are_closed(void **state)
{
	(void)state;
	fails("\nx = 1 return {}", "a.lua:2: 'x' is not declared; write 'local x'");
	fails("function f() end return {}", "a.lua:1: 'f' is not declared");
	assert_string_equal(load("assert(x == nil) return {}"), "");
}

static void modules(void **state)
{
	(void)state;
	write_file("m.lua", "return { n = 5 }", 16);
	assert_string_equal(load("return { assert(require('m').n == 5) }"), "");
	fails("\nrequire('nowhere')", "a.lua:2: module 'nowhere' not found");
	write_file("m.lua", "local x = = 1", 13);
	fails("return { require('m') }", "a.lua:1: ");
	assert_non_null(strstr(load("return { require('m') }"), "m.lua:1: unexpected symbol"));
}

static uint64_t content_of(const char *module)
{
	struct state it;
	struct err err;
	write_file("m.lua", module, strlen(module));
	const char *path = write_file("a.lua", "return { require('m') }", 23);
	assert_int_equal(state_open(&it, folder, &err), 0);
	assert_int_equal(state_load(&it, path, &err), 0);
	uint64_t content = it.content;
	state_close(&it);
	return content;
}

static void content_is_of_all_files(void **state)
{
	(void)state;
	assert_true(content_of("return 1") == content_of("return 1"));
	assert_true(content_of("return 1") != content_of("return 2"));
}

static void missing(void **state)
{
	struct state it;
	struct err err;
	struct text path;
	(void)state;
	assert_int_equal(state_open(&it, folder, &err), 0);
	assert_int_equal(state_load(&it, "/nowhere/x.lua", &err), -1);
	assert_string_equal(err.text, "/nowhere/x.lua: No such file or directory");
	assert_int_equal(state_load(&it, folder, &err), -1);
	assert_non_null(strstr(err.text, "Is a directory"));
	state_close(&it);
	text_init(&path);
	assert_false(find_script("nowhere.lua", folder, "", &path));
	assert_non_null(strstr(text_get(&path), folder));
	write_file("a.lua", "", 0);
	assert_true(find_script("a.lua", folder, "", &path));
	assert_string_equal(text_get(&path) + strlen(folder), "/a.lua");
	text_release(&path);
}

static void memory_is_counted(void **state)
{
	struct state it;
	struct err err;
	(void)state;
	assert_int_equal(state_open(&it, folder, &err), 0);
	lua_gc(it.lua, LUA_GCCOLLECT);
	size_t before = it.used_bytes;
	assert_int_equal(state_compile(&it, "return ('x'):rep(1 << 20)", "=it", &err), 0);
	assert_int_equal(state_call(&it, 0, 1, &err), 0);
	assert_in_range(it.used_bytes - before, 1 << 20, 3 << 20);
	lua_settop(it.lua, 0);
	lua_gc(it.lua, LUA_GCCOLLECT);
	assert_in_range(it.used_bytes, 1, before + 4096);
	state_close(&it);
	assert_int_equal(it.used_bytes, 0);
}

/* Last: there is no way back. */
static void all_allowed(void **state)
{
	(void)state;
	state_allow_all();
	assert_string_equal(
		load("assert(io.open and os.execute and debug and loadfile) x = 1 return {}"), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_scripts),
		cmocka_unit_test(what_is_not_there),
		cmocka_unit_test(binary_code_is_refused),
		cmocka_unit_test(errors_say_where),
		cmocka_unit_test(errors_that_are_no_text),
		cmocka_unit_test(nonsense_returned),
		cmocka_unit_test(too_much),
		cmocka_unit_test(what_never_ends),
		cmocka_unit_test(can_be_interrupted),
		cmocka_unit_test(globals_are_closed),
		cmocka_unit_test(modules),
		cmocka_unit_test(content_is_of_all_files),
		cmocka_unit_test(missing),
		cmocka_unit_test(memory_is_counted),
		cmocka_unit_test(all_allowed),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
