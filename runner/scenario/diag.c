/* Collecting, sorting and writing problems; see diag.h. */
#include "scenario/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *const severity_names[] = {
	[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning", [SEVERITY_NOTE] = "note"};

void diag_init(
	struct diag *diag, struct arena *arena, const char *path, const char *text, size_t length)
{
	*diag = (struct diag){.arena = arena, .path = path, .text = text, .length = length};
}

void diag_release(struct diag *diag)
{
	free(diag->items);
	diag->items = NULL;
}

struct diag_source diag_source(const struct diag *diag, struct place place)
{
	if (place.source > 0 && (size_t)place.source <= diag->source_count)
		return diag->sources[place.source - 1];
	return (struct diag_source){diag->path, diag->text, diag->length};
}

void diag_locate(const struct diag *diag, struct place place, struct text *out)
{
	struct diag_source source = diag_source(diag, place);
	diag_add_visible(source.name, strlen(source.name), out);
	if (place.line && (!place.source || memchr(source.text, '\n', source.length)))
		text_addf(out, ":%d", place.line);
	if (place.line)
		text_addf(out, ":%d", place.column);
}

/* Quoted subjects can be as long as the file: a message is cut where nobody reads on. */
static const char *format_short(struct arena *arena, const char *format, va_list args)
{
	char buffer[1024];
	vsnprintf(buffer, sizeof(buffer), format, args);
	return arena_text(arena, buffer);
}

static void add(struct diag *diag, struct place place, enum severity severity, const char *message)
{
	diag->items = memory_grow(diag->items, diag->count, &diag->capacity, sizeof(*diag->items));
	diag->items[diag->count++] = (struct diagnostic){place, severity, message, NULL};
	diag->errors += severity == SEVERITY_ERROR;
}

void diag_copy(struct diag *diag, const struct diagnostic *item)
{
	add(diag, item->place, item->severity, arena_text(diag->arena, item->message));
	if (item->note)
		diag->items[diag->count - 1].note = arena_text(diag->arena, item->note);
}

void diag_error(struct diag *diag, struct place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(diag, place, SEVERITY_ERROR, format_short(diag->arena, format, args));
	va_end(args);
}

void diag_warning(struct diag *diag, struct place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(diag, place, SEVERITY_WARNING, format_short(diag->arena, format, args));
	va_end(args);
}

void diag_remark(struct diag *diag, struct place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add(diag, place, SEVERITY_NOTE, format_short(diag->arena, format, args));
	va_end(args);
}

void diag_note(struct diag *diag, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	diag->items[diag->count - 1].note = format_short(diag->arena, format, args);
	va_end(args);
}

void diag_err(struct diag *diag, struct place place, const struct err *err)
{
	const char *note = strstr(err->text, "; allowed: ");
	int length = note ? (int)(note - err->text) : (int)strlen(err->text);
	diag_error(diag, place, "%.*s", length, err->text);
	if (note)
		diag_note(diag, "%s", note + 2);
}

const char *diag_nearest(
	const struct diag *diag, const char *word, const char *const *candidates, size_t count)
{
	enum { READ_MOST = 100 };
	return diag->errors < READ_MOST ? text_nearest(word, candidates, count) : NULL;
}

static int compare(const void *a, const void *b)
{
	const struct diagnostic *x = a, *y = b;
	if (x->place.source != y->place.source)
		return x->place.source < y->place.source ? -1 : 1;
	if (x->place.line != y->place.line)
		return x->place.line < y->place.line ? -1 : 1;
	if (x->place.column != y->place.column)
		return x->place.column < y->place.column ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity < y->severity ? -1 : 1;
	return strcmp(x->message, y->message);
}

/* What an alias names is read once for each alias, and its problems are found each time. */
void diag_sort(struct diag *diag)
{
	if (!diag->count)
		return;
	qsort(diag->items, diag->count, sizeof(*diag->items), compare);
	size_t kept = 1;
	for (size_t i = 1; i < diag->count; i++) {
		if (compare(&diag->items[kept - 1], &diag->items[i]))
			diag->items[kept++] = diag->items[i];
	}
	diag->count = kept;
}

static void format_note(const char *note, struct text *out)
{
	if (*note == '\n') {
		text_add(out, note);
		return;
	}
	text_add(out, "      = ");
	diag_add_visible(note, strlen(note), out);
	text_add(out, "\n");
}

static void format_one(
	const struct diag *diag, const struct diagnostic *item, bool colour, struct text *out)
{
	static const char *const hues[SEVERITIES] = {[SEVERITY_ERROR] = "\033[1;31m",
		[SEVERITY_WARNING] = "\033[1;35m",
		[SEVERITY_NOTE] = "\033[1;36m"};
	/* The same list of what is allowed is worth reading once. */
	const char *said = item > diag->items && item[-1].note ? item[-1].note : "";
	const char *bold = colour ? "\033[1m" : "", *plain = colour ? "\033[0m" : "";
	const char *hue = colour ? hues[item->severity] : "";
	text_add(out, bold);
	diag_locate(diag, item->place, out);
	text_addf(out, ": %s%s:%s %s", hue, severity_names[item->severity], plain, bold);
	diag_add_visible(item->message, strlen(item->message), out);
	text_addf(out, "%s\n", plain);
	if (item->place.line)
		diag_excerpt(diag, item->place, colour, out);
	if (item->note && strcmp(item->note, said))
		format_note(item->note, out);
}

void diag_format(struct diag *diag, bool colour, struct text *out)
{
	diag_sort(diag);
	size_t shown = diag->count < DIAG_SHOWN_MOST ? diag->count : DIAG_SHOWN_MOST;
	for (size_t i = 0; i < shown; i++)
		format_one(diag, &diag->items[i], colour, out);
	if (shown < diag->count)
		text_addf(out, "… and %zu more\n", diag->count - shown);
}

static void print(struct diag *diag)
{
	struct text out;
	const char *no_colour = getenv("NO_COLOR");
	text_init(&out);
	diag_format(diag, isatty(STDERR_FILENO) && !(no_colour && *no_colour), &out);
	fwrite(text_get(&out), 1, out.length, stderr);
	text_release(&out);
}

void diag_publish(struct diag *diag, const struct diag_sink *sink)
{
	if (sink)
		sink->take(diag, sink->context);
	else
		print(diag);
}
