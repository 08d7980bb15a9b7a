/* w.hash: digests in scripts. */
#include "workloads/digest.h"
#include "workloads/lua.h"

#include <lauxlib.h>

/* A text that is long enough for others to run meanwhile, as in Python's hashlib. */
enum { LONG_BYTES = 2048 };

static const struct option algorithm = {
	.name = "algorithm", .type = OPTION_ENUM, .choices = digest_names};

static int algorithm_at(lua_State *lua, int index)
{
	struct err err;
	union value value;
	if (option_parse(&algorithm, luaL_checkstring(lua, index), NULL, &value, &err) != 0 ||
		digest_open((int)value.integer, &err) != 0)
		return luaL_error(lua, "hash: %s", err.text);
	return (int)value.integer;
}

/* A context of its own: others may be hashing meanwhile. */
static bool compute(
	int which, const char *text, size_t length, unsigned char out[DIGEST_BYTES_MOST])
{
	struct digest digest;
	if (!digest_make(&digest, which))
		return false;
	bool good = digest_begin(&digest) && digest_add(&digest, text, length) &&
		    digest_end(&digest, out);
	digest_free(&digest);
	return good;
}

static void push_hex(lua_State *lua, const unsigned char *bytes, size_t count)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * DIGEST_BYTES_MOST];
	for (size_t i = 0; i < count; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	lua_pushlstring(lua, text, 2 * count);
}

/* The text stays where it is without the gil: an argument lies on the stack until it is done. */
int lua_w_hash(lua_State *lua)
{
	struct lua_task *task = lua_task_of(lua);
	unsigned char digest[DIGEST_BYTES_MOST];
	size_t length;
	int which = algorithm_at(lua, 1);
	const char *text = luaL_checklstring(lua, 2, &length);
	if (length >= LONG_BYTES)
		lua_release(task);
	bool good = compute(which, text, length, digest);
	if (length >= LONG_BYTES)
		lua_take(task);
	if (!good)
		return luaL_error(lua, "hash: libcrypto cannot compute a %s", digest_names[which]);
	push_hex(lua, digest, digest_length(which));
	return 1;
}
