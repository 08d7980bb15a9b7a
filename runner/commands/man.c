/* The manual pages, part by part; and what of them `conrun help scenario` shows. */
#include "commands/man.h"

#include "commands/document.h"
#include "commands/help.h"
#include "commands/reference.h"

#include <string.h>

static const struct {
	const char *name, *meaning;
} variables[] = {
	{"CONRUN_DATA", "a folder with scenarios and lua of conrun's, looked at before those that "
			"were installed with it"},
	{"CONRUN_PLUGINS",
		"plugins that are loaded before those of --plugin, with `:` between them"},
	{"CONRUN_AS",
		"how messages call the program in lines to be pasted; the wrapper of a checkout "
		"sets it"},
	{"CONRUN_CLOCK", "`monotonic`: take CLOCK_MONOTONIC also where the CPU's counter would do"},
	{"LUA_PATH_5_4", "where scripts find modules of yours, behind their own folder"},
	{"LUA_PATH", "the same, if that one is not set"},
	{"NO_COLOR", "if it is set and not empty: no colour"},
	{"TERM", "`dumb`, or not set: no live line, no colour"},
	{"PATH", "where gnuplot is looked for, and programs that `exec` names without a folder"},
	{"TMPDIR", "where runs put what they need for themselves, instead of /tmp"},
	{"SSL_CERT_FILE", "the certificates that `fetch` trusts"},
};

static const struct {
	const char *name, *meaning;
} files[] = {
	{"results/<scenario>.csv", "the newest summary, a row per experiment"},
	{"results/<scenario>/<UTC time>/", "one session: summary.csv, runs.csv, run.json, "
					   "report.html, journal.jsonl; where the scenario asks "
					   "for them tasks.csv and trace.json"},
};

/* ---- conrun(1) ---- */

static void add_command(struct document *document, const struct command *command)
{
	struct text text;
	text_init(&text);
	help_add_usage(command, &text);
	document_part(document, text_get(&text));
	text_clear(&text);
	text_addf(&text, "%s.", command->summary);
	document_paragraph(document, text_get(&text));
	document_prose(document, command->help);
	help_add_options(document, command);
	const struct example *example = command->examples;
	for (; example && example->line; example++) {
		text_clear(&text);
		text_addf(&text, "# %s\n%s\n", example->what, example->line);
		document_lines(document, text_get(&text));
	}
	text_release(&text);
}

static void add_exit_status(struct document *document)
{
	struct text code;
	text_init(&code);
	document_heading(document, "EXIT STATUS");
	for (const struct exit_meaning *exit = exit_meanings; exit->meaning; exit++) {
		text_clear(&code);
		text_addf(&code, "%d", exit->code);
		document_item(document, text_get(&code), NULL, exit->meaning);
	}
	text_release(&code);
}

static void add_surroundings(struct document *document)
{
	document_heading(document, "ENVIRONMENT");
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
		document_item(document, variables[i].name, NULL, variables[i].meaning);
	document_heading(document, "FILES");
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		document_item(document, files[i].name, NULL, files[i].meaning);
}

static void add_program(struct document *document)
{
	document_title(document, "conrun", "1", "run concurrency experiments");
	document_heading(document, "SYNOPSIS");
	document_lines(document, "conrun FILE… [OPTION…]\nconrun COMMAND [ARGUMENT…] [OPTION…]\n");
	document_heading(document, "DESCRIPTION");
	document_paragraph(document,
		"conrun runs the concurrency experiments that a YAML file describes: every "
		"combination of workload, executor and number of workers, each run in a process of "
		"its own. It leaves CSV files that a spreadsheet opens. What such a file can say "
		"is in conrun-scenario(5). Options may stand anywhere; `--` ends them.");
	document_heading(document, "COMMANDS");
	for (const struct command *const *command = command_registry; *command; command++)
		add_command(document, *command);
	add_exit_status(document);
	add_surroundings(document);
	document_heading(document, "SEE ALSO");
	document_paragraph(document, "conrun-scenario(5)");
}

/* ---- conrun-scenario(5) ---- */

static void add_scenario(struct document *document)
{
	document_title(document, "conrun-scenario", "5", "the experiments that conrun runs");
	document_heading(document, "DESCRIPTION");
	document_paragraph(document,
		"A scenario says what tasks do (workloads), how they are run (executors), by how "
		"many workers, and how often. `conrun check` says what is wrong with one, `conrun "
		"plan` what it would run.");
	reference_keys(document);
	reference_values(document);
	reference_executors(document);
	reference_workloads(document);
	reference_examples(document);
	document_heading(document, "SEE ALSO");
	document_paragraph(document, "conrun(1)");
}

/* ---- the pages ---- */

const char *const man_sections[] = {"1", "5", NULL};

void man_add(const char *section, struct text *out)
{
	struct document document = {.out = out, .form = DOCUMENT_MAN};
	if (strcmp(section, "5") == 0)
		add_scenario(&document);
	else
		add_program(&document);
}

void help_scenario(struct text *out)
{
	struct document document = {.out = out, .form = DOCUMENT_PLAIN};
	reference_keys(&document);
	reference_values(&document);
	reference_examples(&document);
	document_heading(&document, "MORE");
	document_paragraph(&document,
		"`conrun list` has the workloads and executors, `conrun list NAME` one of them "
		"with its options; `conrun list columns` says what the columns of the results "
		"mean.");
}
