/* `conrun report WHAT`: a session to look at, made again from the files that it left. */
#include "commands/command.h"
#include "report/screen.h"
#include "review/chart.h"
#include "review/chart_files.h"
#include "review/markdown.h"
#include "review/page.h"
#include "review/timeline.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 120 };

static int make_page(const struct results *results, struct text *out, struct err *err)
{
	if (page_write(results, err))
		return -1;
	text_addf(out, "%s/report.html\n", results->folder);
	return 0;
}

static int make_markdown(const struct results *results, struct text *out, struct err *err)
{
	(void)err;
	markdown_write(results, out);
	return 0;
}

static int make_svg(const struct results *results, struct text *out, struct err *err)
{
	return chart_files_write(results, CHART_FILES_SVG, out, err);
}

static int make_png(const struct results *results, struct text *out, struct err *err)
{
	return chart_files_write(results, CHART_FILES_PNG, out, err);
}

static int make_timeline(const struct results *results, struct text *out, struct err *err)
{
	return timeline_write(results, screen_width(STDOUT_FILENO, PIPE_WIDTH), out, err);
}

/* What is to be made, in this order. */
static const struct product {
	enum flag flag;
	int (*make)(const struct results *results, struct text *out, struct err *err);
	bool draws;
} products[] = {
	{FLAG_HTML, make_page, true},
	{FLAG_MD, make_markdown, false},
	{FLAG_SVG, make_svg, true},
	{FLAG_PNG, make_png, true},
	{FLAG_TIMELINE, make_timeline, false},
};

enum { PRODUCTS = sizeof(products) / sizeof(products[0]) };

/* Without any, it is the page. */
static bool is_wanted(const struct invocation *invocation, size_t product)
{
	bool any = false;
	for (size_t i = 0; i < PRODUCTS; i++)
		any |= invocation_has(invocation, products[i].flag);
	return any ? invocation_has(invocation, products[product].flag) : product == 0;
}

/* Is something made that has charts? */
static bool draws(const struct invocation *invocation)
{
	bool drawn = false;
	for (size_t i = 0; i < PRODUCTS; i++)
		drawn |= products[i].draws && is_wanted(invocation, i);
	return drawn;
}

static void note_left_out(const struct results *results)
{
	struct text names;
	text_init(&names);
	charts_left_out(results, &names);
	if (names.length)
		fprintf(stderr, "conrun: note: not drawn, there is too much of it: %s\n",
			text_get(&names));
	text_release(&names);
}

static enum exit_code make(
	const struct results *results, const struct invocation *invocation, struct err *err)
{
	struct text out;
	text_init(&out);
	int failed = 0;
	for (size_t i = 0; i < PRODUCTS && !failed; i++)
		if (is_wanted(invocation, i))
			failed = products[i].make(results, &out, err);
	fputs(text_get(&out), stdout);
	text_release(&out);
	if (!failed && draws(invocation))
		note_left_out(results);
	return failed ? EXIT_NOT_OK : EXIT_OK;
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	struct results results;
	if (results_open_summary(&results, invocation->operands[0],
		    invocation_value(invocation, FLAG_OUTPUT), err))
		return EXIT_USAGE;
	enum exit_code code = make(&results, invocation, err);
	results_release(&results);
	return code;
}

static const struct example examples[] = {
	{"conrun report primes", "the page of its newest session"},
	{"conrun report primes --svg", "its charts as files"},
	{"conrun report primes --md > primes.md", "tables for a README"},
	{"conrun report pool_flow --timeline", "who ran which task when"},
	{NULL, NULL},
};

const struct command command_report = {
	.name = "report",
	.usage = "WHAT",
	.summary = "a session as a page, as Markdown or as charts",
	.help = "WHAT is a session: a folder results/<scenario>/<UTC time>, or a scenario's name "
		"or\n"
		"file for its newest finished session. Nothing is run: all is made from the files\n"
		"that are there. Every session ends with its page; this makes it again.\n"
		"The page is report.html in the session's folder, charts are chart-*.svg or\n"
		"chart-*.png there; their paths are printed. --timeline shows of each experiment "
		"the\n"
		"first run in tasks.csv, which `output: { tasks: true }` asks for.\n"
		"Charts are drawn by gnuplot (on Debian: apt install gnuplot-nox).\n"
		"\n"
		"Exit code: 0 all was made; 1 something could not be made; 2 there is no such\n"
		"session.\n",
	.flags = FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_HTML) | FLAG_BIT(FLAG_MD) |
		 FLAG_BIT(FLAG_SVG) | FLAG_BIT(FLAG_PNG) | FLAG_BIT(FLAG_TIMELINE),
	.examples = examples,
	.operands = WORDS_SESSIONS,
	.operands_least = 1,
	.operands_most = 1,
	.run = run,
};
