/* `conrun compare A B`: did it become slower? Answers from what two sessions left. */
#include "base/option.h"
#include "commands/command.h"
#include "report/screen.h"
#include "review/compare_view.h"
#include "review/hosts.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_WIDTH = 120 };

static const char *const format_choices[] = {"table", "csv", "markdown", NULL};

/* Parallel to those. */
static const struct format {
	void (*write)(const struct compare_view *view, struct text *out);
	bool whole; /* with the notes and the sentence */
} formats[] = {
	{compare_table, true},
	{compare_csv, false},
	{compare_markdown, true},
};

static const struct option tolerance_option = {.name = "--tolerance",
	.type = OPTION_PERCENT,
	.min = "0%",
	.max = "1000%",
	.help = "what still counts as the same"};

/* The command line has been checked against the names. */
static const struct format *find_format(const char *name)
{
	size_t place = 0;
	while (name && strcmp(name, format_choices[place]) != 0)
		place++;
	return &formats[place];
}

static int read_tolerance(const char *text, double *tolerance, struct err *err)
{
	union value value;
	struct arena arena;
	arena_init(&arena);
	int result = option_parse(&tolerance_option, text, &arena, &value, err);
	if (!result)
		*tolerance = value.number;
	arena_release(&arena);
	return result ? err_prefix(err, "option '--tolerance': ") : 0;
}

/* ---- which two ---- */

static bool is_same(const struct results *a, const struct results *b)
{
	char a_path[PATH_MAX], b_path[PATH_MAX];
	return realpath(a->path, a_path) && realpath(b->path, b_path) &&
	       strcmp(a_path, b_path) == 0;
}

static int check_two(const struct results *a, const struct results *b, bool one, struct err *err)
{
	if (!is_same(a, b))
		return 0;
	if (one)
		return err_set(err,
			"'%s' is one session; name another one too, or a scenario for its last two",
			a->path);
	return err_set(err, "both are the same session: '%s'; name two", a->path);
}

static int open_both(
	struct results *a, struct results *b, const struct invocation *invocation, struct err *err)
{
	const char *output = invocation_value(invocation, FLAG_OUTPUT);
	bool one = invocation->operand_count == 1;
	const char *first = invocation->operands[0];
	if (results_open(a, first, output, one, err))
		return -1;
	if (results_open(b, one ? first : invocation->operands[1], output, 0, err)) {
		results_release(a);
		return -1;
	}
	if (check_two(a, b, one, err) == 0)
		return 0;
	results_release(a);
	results_release(b);
	return -1;
}

/* ---- what is said ---- */

static void print(const struct compare_view *view, const struct format *format)
{
	struct text out, beside;
	text_init(&out);
	text_init(&beside);
	format->write(view, &out);
	fputs(text_get(&out), stdout);
	if (!format->whole) {
		compare_notes(view, "conrun: note: ", &beside);
		compare_sentence(view, &beside);
		fputs(text_get(&beside), stderr);
	}
	text_release(&beside);
	text_release(&out);
}

static int check_hosts(const struct compare_view *view, bool forced, struct err *err)
{
	if (forced || !*view->machines)
		return 0;
	return err_set(err, "different machines: %s; their times do not compare; --force does it",
		view->machines);
}

static enum exit_code compare(struct results *a, struct results *b,
	const struct invocation *invocation, const struct format *format, double tolerance,
	struct err *err)
{
	struct comparison comparison;
	struct text machines, others;
	enum exit_code code = EXIT_USAGE;
	text_init(&machines);
	text_init(&others);
	hosts_compare(a->run, b->run, &machines, &others);
	const struct compare_view view = {&comparison, text_get(&machines), text_get(&others),
		screen_width(STDOUT_FILENO, PIPE_WIDTH), screen_has_colour(STDOUT_FILENO)};
	if (check_hosts(&view, invocation_has(invocation, FLAG_FORCE), err) == 0 &&
		comparison_make(&comparison, a, b, invocation_value(invocation, FLAG_FIGURE),
			tolerance, err) == 0) {
		if (!invocation_has(invocation, FLAG_QUIET))
			print(&view, format);
		bool worse = false;
		for (int i = 0; i < CELL_OUTCOMES; i++)
			worse |= comparison.of[i] && outcome_is_worse((enum cell_outcome)i);
		code = worse ? EXIT_NOT_EXPECTED : EXIT_OK;
		comparison_release(&comparison);
	}
	text_release(&machines);
	text_release(&others);
	return code;
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	struct results a, b;
	double tolerance = 0;
	const struct format *format = find_format(invocation_value(invocation, FLAG_FORMAT));
	if (read_tolerance(invocation_value(invocation, FLAG_TOLERANCE), &tolerance, err) ||
		open_both(&a, &b, invocation, err))
		return EXIT_USAGE;
	enum exit_code code = compare(&a, &b, invocation, format, tolerance, err);
	results_release(&a);
	results_release(&b);
	return code;
}

static const struct example examples[] = {
	{"conrun compare primes", "the last two sessions of scenarios/primes.yaml"},
	{"conrun compare primes --figure task_p99_s --tolerance 10%",
		"the slowest tasks, with a wider margin"},
	{"conrun compare primes --format markdown > change.md", "a table for a review"},
	{NULL, NULL},
};

static const struct flag_use uses[] = {
	{FLAG_FORMAT, "table (default), csv or markdown", format_choices},
	{FLAG_FORCE, "compare what different machines measured", NULL},
	{.help = NULL},
};

const struct command command_compare = {
	.name = "compare",
	.usage = "A [B]",
	.summary = "two sessions, cell by cell: slower, faster or the same",
	.help = "A and B are sessions: a folder results/<scenario>/<UTC time>, or a scenario's "
		"name "
		"or\n"
		"file for its newest finished session. One scenario alone: its last two, the older "
		"one\n"
		"as A. Experiments that are in both are compared by elapsed_s; where a runtime "
		"decides\n"
		"how many tasks there are, by throughput_per_s; with a rate, by wait_p99_s. "
		"--figure\n"
		"takes another column of runs.csv, a time (_s) or a rate (_per_s).\n"
		"\n"
		"'time B/A' is the ratio of the medians, always of times: above 1, B is slower. "
		"'95 %'\n"
		"is its bootstrap interval, 'p' the Mann-Whitney test's, adjusted (Holm) for the "
		"number\n"
		"of experiments. With a tolerance of 5%:\n"
		"  slower           the whole interval is above 1.05, and p < 0.05\n"
		"  faster           the whole interval is below 1/1.05, and p < 0.05\n"
		"  same             the whole interval is between the two\n"
		"  inconclusive     none of these\n"
		"  not enough runs  so few that no times could have made p < 0.05\n"
		"What a machine does differently from one hour to the next is in no interval: a "
		"small\n"
		"difference of two sessions is to be seen twice before it is believed.\n"
		"\n"
		"Sessions of different machines (name, CPU, number of CPUs, quota) are refused.\n"
		"\n"
		"Exit code: 0 nothing is slower; 3 something is slower, or is no longer ok; 2 the "
		"two\n"
		"cannot be compared.\n",
	.flags = FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_QUIET) | FLAG_BIT(FLAG_FORMAT) |
		 FLAG_BIT(FLAG_FIGURE) | FLAG_BIT(FLAG_TOLERANCE) | FLAG_BIT(FLAG_FORCE),
	.examples = examples,
	.uses = uses,
	.operands = WORDS_SESSIONS,
	.operands_least = 1,
	.operands_most = 2,
	.run = run,
};
