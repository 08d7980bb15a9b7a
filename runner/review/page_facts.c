/* Where the figures come from: how to repeat them, on what they were measured. */
#include "base/pasted.h"
#include "review/figures.h"
#include "review/html.h"
#include "review/page_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- again ---- */

void page_again(const struct results *results, struct text *out)
{
	const json_t *arguments = json_object_get(results->run, "arguments");
	const char *scenario =
		page_text(results->run, (const char *const[]){"scenario", "text", NULL});
	struct text command;
	size_t index;
	json_t *argument;
	if (!results->run)
		return;
	text_init(&command);
	json_array_foreach(arguments, index, argument)
	{
		text_add(&command, index ? " " : "");
		pasted_word(json_string_value(argument), &command);
	}
	page_section(out, "again", "Do it again");
	html_element(out, "pre tabindex=\"0\"", text_get(&command));
	if (*scenario) {
		text_add(out, "<details>\n<summary>The scenario, as it was then</summary>\n");
		html_element(out, "pre tabindex=\"0\"", scenario);
		text_add(out, "</details>\n");
	}
	text_add(out, "</section>\n");
	text_release(&command);
}

/* ---- machine ---- */

static void add_value(const char *key, const json_t *value, struct text *out)
{
	if (json_is_string(value))
		text_add(out, json_string_value(value));
	else if (json_is_number(value))
		figure_number(out, key, json_number_value(value));
	else if (json_is_boolean(value))
		text_add(out, json_is_true(value) ? "yes" : "no");
}

/* Plain values only; what has parts of its own is in run.json. Names are keys, with spaces. */
static void add_facts(const json_t *object, struct text *out)
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		struct text shown;
		text_init(&shown);
		add_value(key, value, &shown);
		if (shown.length) {
			text_add(out, "<dt>");
			for (const char *at = key; *at; at++)
				html_escape(out, (char[]){*at == '_' ? ' ' : *at, '\0'});
			text_add(out, "</dt>");
			html_element(out, "dd", text_get(&shown));
		}
		text_release(&shown);
	}
}

void page_machine(const struct results *results, struct text *out)
{
	static const struct {
		const char *key, *title;
	} parts[] = {{"machine", "The machine"}, {"clock", "The clock"}, {"versions", "Versions"}};
	if (!results->run)
		return;
	page_section(out, "machine", "Measured on");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		html_element(out, "h3", parts[i].title);
		text_add(out, "<dl>\n");
		add_facts(json_object_get(results->run, parts[i].key), out);
		text_add(out, "</dl>\n");
	}
	text_add(out, "</section>\n");
}
