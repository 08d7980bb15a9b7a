/* Words from outside stand on lines of their own; what Markdown would read as marks is escaped. */
#include "review/markdown.h"

#include "report/utf8.h"
#include "review/page_parts.h"
#include "review/tables.h"

#include <string.h>

static void add_words(const char *words, struct text *out)
{
	struct text line;
	text_init(&line);
	utf8_add_line(&line, words);
	for (const char *at = text_get(&line); *at; at++)
		text_addf(out, "%s%c", strchr("\\`*_[]<>#|", *at) ? "\\" : "", *at);
	text_release(&line);
}

static void add_answer(const struct results *results, struct text *out)
{
	const json_t *outcome = page_outcome(results);
	size_t index;
	json_t *item;
	json_array_foreach(json_object_get(outcome, "verdicts"), index, item)
	{
		text_add(out, "\n**");
		add_words(json_string_value(item), out);
		text_add(out, "**\n");
	}
	json_array_foreach(json_object_get(outcome, "expect"), index, item)
	{
		const char *name = page_text(item, (const char *const[]){"name", NULL});
		json_int_t failed = json_integer_value(json_object_get(item, "failed"));
		json_int_t rows = json_integer_value(json_object_get(item, "rows"));
		text_add(out, index ? "- " : "\nAs expected?\n\n- ");
		text_add(out, rows == 0 ? "not judged: " : failed ? "no: " : "yes: ");
		add_words(*name ? name : page_text(item, (const char *const[]){"that", NULL}), out);
		text_add(out, "\n");
	}
}

void markdown_write(const struct results *results, struct text *out)
{
	struct shown_table tables[TABLES_MOST];
	size_t count = tables_make(tables, results, results->summary.row_count);
	text_add(out, "# ");
	add_words(page_text(results->run, (const char *const[]){"scenario", "name", NULL}), out);
	text_add(out, "\n\n");
	add_words(page_text(results->run, (const char *const[]){"scenario", "description", NULL}),
		out);
	text_add(out, "\n");
	add_answer(results, out);
	for (size_t i = 0; i < count; i++) {
		text_addf(out, "\n## %s\n\n", tables[i].title);
		if (tables[i].constant.length) {
			text_add(out, "All: ");
			add_words(text_get(&tables[i].constant), out);
			text_add(out, ".\n\n");
		}
		table_markdown(&tables[i].table, out);
	}
	tables_release(tables, count);
}
