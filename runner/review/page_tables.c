/* The tables: what says which experiment a row is stands in headings of the row. */
#include "review/html.h"
#include "review/page_parts.h"
#include "review/tables.h"

#include <string.h>

enum { ROWS_MOST = 5000, ROWS_OPEN = 40, PROBLEMS_MOST = 200 };

static bool is_empty(const struct table *table, size_t column)
{
	const char *same = table_constant(table, column);
	return !same ? false : !*same;
}

static bool is_shown(const struct shown_table *shown, size_t column)
{
	return !shown->table.columns[column].hidden && !is_empty(&shown->table, column);
}

static void add_heads(const struct shown_table *shown, struct text *out)
{
	text_add(out, "<thead><tr>");
	for (size_t i = 0; i < shown->table.column_count; i++) {
		if (!is_shown(shown, i))
			continue;
		const struct table_column *column = &shown->table.columns[i];
		text_addf(out, "<th scope=\"col\"%s>", column->left ? " class=\"word\"" : "");
		html_escape(out, column->title);
		text_add(out, "</th>");
	}
	text_add(out, "</tr></thead>\n");
}

static void add_cell(const struct shown_table *shown, size_t row, size_t column, struct text *out)
{
	bool red = table_style_at(&shown->table, row, column) == TABLE_RED;
	bool left = shown->table.columns[column].left;
	const char *tag = column < shown->names ? "th" : "td";
	text_addf(out, "<%s%s", tag, column < shown->names ? " scope=\"row\"" : "");
	if (left || red)
		text_addf(out, " class=\"%s%s%s\"", left ? "word" : "", left && red ? " " : "",
			red ? "bad" : "");
	text_add(out, ">");
	html_escape(out, table_text(&shown->table, row, column));
	text_addf(out, "</%s>", tag);
}

static void add_rows(const struct shown_table *shown, struct text *out)
{
	bool *columns = memory_alloc(shown->table.column_count * sizeof(*columns));
	for (size_t i = 0; i < shown->table.column_count; i++)
		columns[i] = is_shown(shown, i);
	text_add(out, "<tbody>\n");
	for (size_t row = 0; row < table_rows(&shown->table); row++) {
		text_add(out, "<tr>");
		for (size_t i = 0; i < shown->table.column_count; i++)
			if (columns[i])
				add_cell(shown, row, i, out);
		text_add(out, "</tr>\n");
	}
	text_add(out, "</tbody>\n");
	free(columns);
}

static void add_caption(const struct shown_table *shown, struct text *out)
{
	text_add(out, "<caption><span>");
	if (shown->constant.length) {
		text_add(out, "All: ");
		html_escape(out, text_get(&shown->constant));
		text_add(out, ". ");
	}
	html_element(out, "span class=\"note\"", shown->note);
	text_add(out, "</span></caption>\n");
}

static void add_table(const struct shown_table *shown, bool open, size_t number, struct text *out)
{
	text_addf(out, "<details%s>\n<summary id=\"table-%zu\">", open ? " open" : "", number);
	html_escape(out, shown->title);
	text_addf(out,
		"</summary>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		"aria-labelledby=\"table-%zu\">\n<table>\n",
		number);
	add_caption(shown, out);
	add_heads(shown, out);
	add_rows(shown, out);
	text_add(out, "</table>\n</div>\n</details>\n");
}

void page_tables(const struct results *results, struct text *out)
{
	struct shown_table tables[TABLES_MOST];
	size_t all = results->summary.row_count, rows = all < ROWS_MOST ? all : ROWS_MOST;
	size_t count = tables_make(tables, results, rows);
	page_section(out, "figures", "In figures");
	for (size_t i = 0; i < count; i++)
		add_table(&tables[i], i == 0 || rows <= ROWS_OPEN, i + 1, out);
	if (rows < all)
		text_addf(out, "<p>%zu more rows are in summary.csv.</p>\n", all - rows);
	text_add(out, "</section>\n");
	tables_release(tables, count);
}

/* ---- what went wrong ---- */

static void add_problem(const struct csv_table *summary, size_t row, struct text *out)
{
	text_add(out, "<li><strong class=\"bad\">");
	html_escape(out, results_field(summary, row, "status"));
	text_add(out, "</strong>: ");
	html_escape(out, results_field(summary, row, "workload"));
	text_add(out, " · ");
	html_escape(out, results_field(summary, row, "executor"));
	text_add(out, " ×");
	html_escape(out, results_field(summary, row, "workers"));
	const char *error = results_field(summary, row, "error");
	if (strchr(error, '\n')) {
		text_add(out, "<pre>");
		html_escape(out, error);
		text_add(out, "</pre>");
	} else if (*error) {
		text_add(out, ": ");
		html_escape(out, error);
	}
	text_add(out, "</li>\n");
}

void page_problems(const struct results *results, struct text *out)
{
	const struct csv_table *summary = &results->summary;
	size_t found = 0;
	for (size_t row = 0; row < summary->row_count; row++) {
		if (strcmp(results_field(summary, row, "status"), "ok") == 0)
			continue;
		if (found++ == 0) {
			page_section(out, "problems", "What went wrong");
			text_add(out, "<ul>\n");
		}
		if (found <= PROBLEMS_MOST)
			add_problem(summary, row, out);
	}
	if (found > PROBLEMS_MOST)
		text_addf(out, "<li>%zu more, in summary.csv</li>\n", found - PROBLEMS_MOST);
	if (found)
		text_add(out, "</ul>\n</section>\n");
}
