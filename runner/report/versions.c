/* The parts of the program; libraries are asked for the version that runs. */
#include "report/versions.h"

#include "base/version.h"

#include <gnu/libc-version.h>
#include <jansson.h>
#include <lua.h>
#include <uv.h>
#include <yaml.h>

static void conrun_version(struct text *out)
{
	text_add(out, CONRUN_VERSION);
}

static void yaml_version(struct text *out)
{
	text_add(out, yaml_get_version_string());
}

static void lua_version_text(struct text *out)
{
	text_add(out, LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE);
}

static void jansson_version(struct text *out)
{
	text_add(out, jansson_version_str());
}

static void uv_version_text(struct text *out)
{
	text_add(out, uv_version_string());
}

static void libc_version(struct text *out)
{
	text_add(out, gnu_get_libc_version());
}

static void compiler(struct text *out)
{
	text_add(out, CONRUN_COMPILER);
}

static void build_type(struct text *out)
{
	text_add(out, CONRUN_BUILD_TYPE);
}

static void optional_parts(struct text *out)
{
	text_add(out, *CONRUN_OPTIONAL_PARTS ? CONRUN_OPTIONAL_PARTS : "none");
}

const struct part version_parts[] = {
	{"conrun", conrun_version},
	{"libyaml", yaml_version},
	{"lua", lua_version_text},
	{"jansson", jansson_version},
	{"libuv", uv_version_text},
	{"libc", libc_version},
	{"compiler", compiler},
	{"build", build_type},
	{"optional parts", optional_parts},
	{NULL, NULL},
};
