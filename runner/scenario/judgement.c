/*
 * The sections that look at results: `expect` and `hooks`. What their Lua says can be checked only
 * when the columns of the plan are known; here it is whether it is there.
 */
#include "scenario/check.h"
#include "scenario/rules.h"
#include "script/find.h"

#include <string.h>

static const char *text_of(struct check *check, const struct node *node, const char *what)
{
	return check_kind(check, node, NODE_SCALAR, what) ? arena_text(check->arena, node->text)
							  : NULL;
}

static void read_when(struct check *check, const struct node *node, void *into)
{
	struct expect *expect = into;
	rule_read(check, node, "'when'", &expect->when);
}

static void read_that(struct check *check, const struct node *node, void *into)
{
	struct expect *expect = into;
	expect->that = text_of(check, node, "'that'");
	expect->place = node->place;
}

static void read_name(struct check *check, const struct node *node, void *into)
{
	struct expect *expect = into;
	expect->name = text_of(check, node, "'name'");
}

static const struct key expect_keys[] = {
	{"when", "which rows; by default all", false, read_when, {.kind = FORM_RULE}},
	{"that", "a Lua expression over the row's columns", true, read_that, {.kind = FORM_TEXT}},
	{"name", "what messages call it; by default the expression", false, read_name,
		{.kind = FORM_TEXT}},
	{0},
};

const struct section expect_section = {.what = "an expectation", .keys = expect_keys};

static void read_expect(struct check *check, const struct node *node, void *into)
{
	struct expect **next = into;
	if (section_read(check, &expect_section, node, (*next)++))
		return;
	bool usable = node->kind == NODE_SCALAR && *node->text && strlen(node->text) < 100;
	char quote = usable && strchr(node->text, '"') ? '\'' : '"';
	check_advise(check, node, "write it as { that: %c%s%c }", quote,
		usable ? node->text : "elapsed_s < 1.5", quote);
}

void expects_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	size_t count = node->kind == NODE_LIST ? node->count : 1;
	struct expect *expects = arena_alloc(check->arena, count * sizeof(*expects));
	struct expect *next = expects;
	check_each(check, node, read_expect, &next);
	scenario->expects = expects;
	scenario->expect_count = count;
}

static bool is_lua(const char *name)
{
	size_t length = strlen(name);
	return length > 4 && strcmp(name + length - 4, ".lua") == 0;
}

static void read_hook(struct check *check, const struct node *node, void *into)
{
	struct hook **next = into, *hook = (*next)++;
	struct text folder, file, path;
	hook->place = node->place;
	hook->name = text_of(check, node, "a hook");
	if (!hook->name)
		return;
	text_init(&folder);
	text_init(&file);
	text_init(&path);
	text_addf(&file, "%s%s", hook->name, is_lua(hook->name) ? "" : ".lua");
	find_folder(check->scenario->path, &folder);
	if (!find_script(text_get(&file), text_get(&folder), "hooks", &path))
		diag_error(check->diag, node->place, "there is no hook '%.60s'; looked for %s",
			hook->name, text_get(&path));
	hook->path = arena_text(check->arena, text_get(&path));
	text_release(&folder);
	text_release(&file);
	text_release(&path);
}

void hooks_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	size_t count = node->kind == NODE_LIST ? node->count : 1;
	struct hook *hooks = arena_alloc(check->arena, count * sizeof(*hooks));
	struct hook *next = hooks;
	check_each(check, node, read_hook, &next);
	scenario->hooks = hooks;
	scenario->hook_count = count;
}
