#include "commands/diag_json.h"

#include "report/utf8.h"

#include <string.h>

/* To find out how far one reaches its line is read: of a file of faults, not for each of them. */
enum { ITEMS_MOST = 100 };

static json_t *number_or_null(int number)
{
	return number > 0 ? json_integer(number) : json_null();
}

/* A note that is an example for the screen has line breaks around it. */
static json_t *note_json(const char *note)
{
	if (!note)
		return json_null();
	size_t length = strlen(note);
	while (length > 0 && note[length - 1] == '\n')
		length--;
	size_t first = strspn(note, "\n");
	struct text text;
	text_init(&text);
	if (first < length)
		text_add_bytes(&text, note + first, length - first);
	json_t *json = utf8_json(text_get(&text));
	text_release(&text);
	return json;
}

static json_t *text_or_null(const char *text)
{
	return text ? utf8_json(text) : json_null();
}

static json_t *item_json(const struct diag *diag, const struct diagnostic *item)
{
	struct place place = item->place;
	int end = place.line > 0 ? diag_end_column(diag, place) : 0;
	json_t *json = json_object();
	json_object_set_new(json, "file", text_or_null(diag->path));
	json_object_set_new(json, "line", number_or_null(place.line));
	json_object_set_new(json, "column", number_or_null(place.column));
	json_object_set_new(json, "end_column", number_or_null(end > place.column ? end : 0));
	json_object_set_new(json, "severity", json_string(severity_names[item->severity]));
	json_object_set_new(json, "message", utf8_json(item->message));
	json_object_set_new(json, "note", note_json(item->note));
	json_object_set_new(json, "source", text_or_null(diag_source(diag, place).name));
	return json;
}

/* As bad as the worst of those that are left out. */
static json_t *rest_json(const struct diag *diag, size_t shown)
{
	struct diagnostic rest = {.severity = SEVERITY_NOTE};
	struct text message;
	for (size_t i = shown; i < diag->count; i++)
		if (diag->items[i].severity < rest.severity)
			rest.severity = diag->items[i].severity;
	text_init(&message);
	text_addf(&message, "and %zu more", diag->count - shown);
	rest.message = text_get(&message);
	json_t *json = item_json(diag, &rest);
	text_release(&message);
	return json;
}

void diag_add_json(struct diag *diag, json_t *array)
{
	diag_sort(diag);
	size_t shown = diag->count < ITEMS_MOST ? diag->count : ITEMS_MOST;
	for (size_t i = 0; i < shown; i++)
		json_array_append_new(array, item_json(diag, &diag->items[i]));
	if (shown < diag->count)
		json_array_append_new(array, rest_json(diag, shown));
}
