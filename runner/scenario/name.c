/* The scenario's name: it becomes a folder, so it must be safe as one. */
#include "scenario/check.h"

#include <string.h>

const char scenario_name_pattern[] = "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$";

static bool is_safe(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-' || c == '.';
}

bool name_is_safe(const char *name)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < length; i++) {
		if (!is_safe(name[i]))
			return false;
	}
	return length > 0 && length <= NAME_MOST_BYTES && name[0] != '.' && name[0] != '-';
}

void name_make_safe(const char *wanted, char *name)
{
	size_t length = 0;
	wanted += strspn(wanted, ".-");
	for (; *wanted && length < NAME_MOST_BYTES; wanted++) {
		bool follows = ((unsigned char)*wanted & 0xc0) == 0x80; /* of a longer character */
		if (!follows)
			name[length++] = is_safe(*wanted) ? *wanted : '_';
	}
	name[length] = '\0';
	if (!length)
		memcpy(name, "scenario", sizeof("scenario"));
}

static void set_name(struct check *check, struct place place, const char *name, const char *from)
{
	char safe[NAME_MOST_BYTES + 1];
	check->scenario->name = arena_text(check->arena, name);
	if (name_is_safe(name))
		return;
	name_make_safe(name, safe);
	diag_error(check->diag, place, "'%.60s'%s cannot name a folder; write name: %s", name, from,
		safe);
	diag_note(check->diag,
		"allowed: up to %d of the letters a-z and A-Z, digits, '_', '-' and '.'",
		NAME_MOST_BYTES);
}

void name_read(struct check *check, const struct node *node, void *into)
{
	(void)into;
	if (check_kind(check, node, NODE_SCALAR, "'name'"))
		set_name(check, node->place, node->text, "");
}

/* The file's name without folder and extension. */
void name_default(struct check *check)
{
	const char *slash = strrchr(check->scenario->path, '/');
	const char *base = slash ? slash + 1 : check->scenario->path;
	const char *dot = strrchr(base, '.');
	size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base);
	if (!strcmp(base, "-"))
		set_name(check, (struct place){.line = 1, .column = 1}, "stdin", "");
	else
		set_name(check, (struct place){.line = 1, .column = 1},
			arena_copy(check->scratch, base, length), ", from the file's name,");
}

void name_quick(struct check *check)
{
	struct scenario *scenario = check->scenario;
	scenario->name =
		arena_format(check->arena, "%s-quick", scenario->name ? scenario->name : "");
}
