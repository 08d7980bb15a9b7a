/* What came out, in words: who won, what disturbed, what did not go well, what was expected. */
#include "review/html.h"
#include "review/page_parts.h"

#include <inttypes.h>
#include <string.h>

static size_t count_not_ok(const struct results *results)
{
	size_t count = 0;
	for (size_t row = 0; row < results->summary.row_count; row++)
		count += strcmp(results_field(&results->summary, row, "status"), "ok") != 0;
	return count;
}

static void add_verdicts(const json_t *outcome, struct text *out)
{
	size_t index;
	json_t *verdict;
	json_array_foreach(json_object_get(outcome, "verdicts"), index, verdict)
		html_element(out, "p class=\"answer\"", json_string_value(verdict));
	if (json_array_size(json_object_get(outcome, "verdicts")) == 0)
		html_element(out, "p class=\"answer\"", "The figures are in the tables below.");
}

static void add_not_ok(const struct results *results, struct text *out)
{
	size_t count = count_not_ok(results), all = results->summary.row_count;
	struct text line;
	if (count == 0)
		return;
	text_init(&line);
	text_addf(&line, "%zu of %zu experiment%s did not end well; what went wrong is said below.",
		count, all, all == 1 ? "" : "s");
	html_element(out, "p class=\"bad\"", text_get(&line));
	text_release(&line);
}

void page_answer(const struct results *results, struct text *out)
{
	const json_t *outcome = page_outcome(results);
	page_section(out, "answer", "The answer");
	add_verdicts(outcome, out);
	if (!outcome || json_is_true(json_object_get(outcome, "interrupted")))
		html_element(out, "p class=\"bad\"",
			"The session was interrupted: this is of the runs that had ended by then.");
	if (json_is_true(json_object_get(outcome, "out_of_budget")))
		html_element(out, "p class=\"bad\"",
			"The budget was used up: not all of the plan was run.");
	add_not_ok(results, out);
	const char *noise = page_text(outcome, (const char *const[]){"noise", NULL});
	if (*noise)
		html_element(out, "p class=\"faint\"", noise);
	text_add(out, "</section>\n");
}

/* ---- expectations ---- */

static json_int_t number_of(const json_t *json, const char *key)
{
	return json_integer_value(json_object_get(json, key));
}

static void add_expectation(const json_t *expectation, struct text *out)
{
	const char *name = page_text(expectation, (const char *const[]){"name", NULL});
	const char *that = page_text(expectation, (const char *const[]){"that", NULL});
	json_int_t rows = number_of(expectation, "rows"), failed = number_of(expectation, "failed");
	text_add(out, "<tr><td class=\"word\">");
	if (rows == 0)
		text_add(out, "<span class=\"faint\">not judged</span>");
	else
		text_addf(out, "<span class=\"%s\">%s</span>", failed ? "bad" : "good",
			failed ? "✗ no" : "✓ yes");
	text_addf(out,
		"</td><td>%" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT
		"</td><th scope=\"row\" class=\"word\">",
		rows - failed, rows);
	html_escape(out, name);
	text_add(out, *name ? "<br>" : "");
	html_element(out, *name ? "code class=\"faint\"" : "code", that);
	text_add(out, "</th></tr>\n");
}

void page_expectations(const struct results *results, struct text *out)
{
	const json_t *expect = json_object_get(page_outcome(results), "expect");
	size_t index;
	json_t *expectation;
	if (json_array_size(expect) == 0)
		return;
	page_section(out, "expected", "Is it as expected?");
	text_add(out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		      "aria-labelledby=\"expected\">\n<table>\n<caption><span>What the scenario "
		      "says the results should be, and in how many rows it is so.</span></caption>"
		      "\n<thead><tr><th scope=\"col\" class=\"word\">holds</th>"
		      "<th scope=\"col\">rows</th>"
		      "<th scope=\"col\" class=\"word\">expectation</th></tr></thead>\n<tbody>\n");
	json_array_foreach(expect, index, expectation) add_expectation(expectation, out);
	text_add(out, "</tbody>\n</table>\n</div>\n</section>\n");
}
