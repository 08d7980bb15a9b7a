/* The frame of the page: head, the question, and the parts one after the other. */
#include "review/page.h"

#include "report/file.h"
#include "review/html.h"
#include "review/page_parts.h"

#include <string.h>

const char *page_text(const json_t *json, const char *const *path)
{
	for (; *path && json; path++)
		json = json_object_get(json, *path);
	const char *text = json_string_value(json);
	return text ? text : "";
}

const json_t *page_outcome(const struct results *results)
{
	const json_t *outcome = json_object_get(results->run, "outcome");
	return json_is_object(outcome) ? outcome : NULL;
}

void page_section(struct text *out, const char *id, const char *title)
{
	text_addf(out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">", id, id);
	html_escape(out, title);
	text_add(out, "</h2>\n");
}

static const char *name_of(const struct results *results)
{
	const char *name = page_text(results->run, (const char *const[]){"scenario", "name", NULL});
	if (!*name && results->summary.row_count)
		name = results_field(&results->summary, 0, "scenario");
	return name;
}

static void add_head(const struct results *results, struct text *out)
{
	text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n"
		      "<link rel=\"icon\" href=\"data:,\">\n<title>");
	html_escape(out, name_of(results));
	text_add(out, " · conrun</title>\n<style>\n");
	page_style(out);
	text_add(out, "</style>\n</head>\n");
}

/* `2026-11-21T21:11:00.764Z` without what nobody reads. */
static void add_time(const char *utc, struct text *out)
{
	if (strlen(utc) < 16)
		return;
	text_add(out, "<time datetime=\"");
	html_escape(out, utc);
	text_addf(out, "\">%.10s, %.5s UTC</time>", utc, utc + 11);
}

static void add_header(const struct results *results, struct text *out)
{
	text_add(out, "<header>\n<p class=\"faint\">An experiment with conrun · ");
	add_time(page_text(results->run, (const char *const[]){"started_utc", NULL}), out);
	text_add(out, "</p>\n");
	html_element(out, "h1", name_of(results));
	const char *description =
		page_text(results->run, (const char *const[]){"scenario", "description", NULL});
	if (*description)
		html_element(out, "p class=\"question\"", description);
	text_add(out, "</header>\n");
}

static void add_footer(struct text *out)
{
	text_add(out, "<footer class=\"faint\">\n<p>The same as data, beside this page: "
		      "<a href=\"summary.csv\">summary.csv</a>, a row for each experiment; "
		      "<a href=\"runs.csv\">runs.csv</a>, a row for each run; "
		      "<a href=\"run.json\">run.json</a>, scenario, versions and machine. "
		      "<code>conrun list columns</code> says what the columns mean.</p>\n"
		      "</footer>\n</body>\n</html>\n");
}

static void make(const struct results *results, struct text *out)
{
	add_head(results, out);
	text_add(out, "<body>\n");
	add_header(results, out);
	text_add(out, "<main>\n");
	page_answer(results, out);
	page_expectations(results, out);
	page_charts(results, out);
	page_tables(results, out);
	page_problems(results, out);
	page_again(results, out);
	page_machine(results, out);
	text_add(out, "</main>\n");
	add_footer(out);
}

int page_write(const struct results *results, struct err *err)
{
	if (!*results->folder)
		return err_set(err, "'%s' is a summary alone; a page is made of a session's folder",
			results->path);
	struct text path, page;
	struct file file;
	text_init(&path);
	text_init(&page);
	text_addf(&path, "%s/report.html", results->folder);
	int result = file_create(&file, text_get(&path), err);
	if (!result) {
		make(results, &page);
		result = file_add(&file, text_get(&page), page.length, err);
		if (result)
			file_abandon(&file);
		else
			result = file_commit(&file, err);
	}
	text_release(&page);
	text_release(&path);
	return result;
}

int page_write_folder(const char *folder, struct err *err)
{
	struct results results;
	if (results_open_summary(&results, folder, "", err))
		return -1;
	int result = page_write(&results, err);
	results_release(&results);
	return result;
}
