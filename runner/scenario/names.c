/* Lists of what is allowed, and the problem report that ends in one. */
#include "scenario/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void names_add(struct names *names, const char *name)
{
	names->items = memory_grow(
		names->items, names->count, &names->capacity, sizeof(*names->items));
	names->items[names->count++] = name;
}

/* The names, as many as a person would read. */
static void note_allowed(struct check *check, const struct names *names)
{
	enum { READ_MOST = 400 };
	struct text list;
	text_init(&list);
	for (size_t i = 0; i < names->count; i++) {
		text_addf(&list, "%s%.64s", i ? ", " : "", names->items[i]);
		if (list.length > READ_MOST && i + 1 < names->count) {
			text_addf(&list, ", … and %zu more", names->count - i - 1);
			break;
		}
	}
	if (names->count)
		diag_note(check->diag, "allowed: %s", text_get(&list));
	text_release(&list);
}

void names_report(struct check *check, struct place place, struct names *names,
	const char *word, const char *format, ...)
{
	char problem[400];
	va_list args;
	va_start(args, format);
	vsnprintf(problem, sizeof(problem), format, args);
	va_end(args);
	const char *nearest = diag_nearest(check->diag, word, names->items, names->count);
	diag_error(check->diag, place, "%s%s%s%s", problem, nearest ? "; did you mean '" : "",
		nearest ? nearest : "", nearest ? "'?" : "");
	note_allowed(check, names);
	free(names->items);
	*names = (struct names){0};
}
