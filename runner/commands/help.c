/* `conrun help`: made from the tables of commands, options and columns of a scenario. */
#include "commands/help.h"

#include "base/pasted.h"
#include "base/text.h"
#include "commands/completion.h"
#include "commands/invocation.h"
#include "commands/man.h"
#include "commands/words.h"

#include <string.h>

enum { NAME_WIDTH = 22, NAMES_MOST = 64 };

const struct exit_meaning exit_meanings[] = {
	{EXIT_OK, "all runs are ok, or the command did what it was asked for"},
	{EXIT_NOT_OK, "a run is not ok, or something could not be written"},
	{EXIT_USAGE, "the command line or a scenario is wrong; nothing was run"},
	{EXIT_NOT_EXPECTED, "an expectation does not hold, or a comparison found something slower"},
	{EXIT_INTERRUPTED, "interrupted; the results so far are kept"},
	{0, NULL},
};

void help_add_options(struct document *document, const struct command *command)
{
	struct text name, text;
	text_init(&name);
	text_init(&text);
	for (const struct flag_entry *entry = flag_table; entry->name; entry++) {
		if (!(help_flags(command) & FLAG_BIT(entry->flag)))
			continue;
		text_clear(&name);
		text_clear(&text);
		if (entry->letter)
			text_addf(&name, "-%c, ", entry->letter);
		text_addf(&name, "--%s", entry->name);
		text_add(&text, flag_help(command, entry->flag));
		if (entry->fallback)
			text_addf(&text, "; by default %s", entry->fallback);
		document_item(document, text_get(&name), entry->argument, text_get(&text));
	}
	text_release(&name);
	text_release(&text);
}

static void print_options(const struct command *command, FILE *out)
{
	struct text text;
	text_init(&text);
	struct document document = {.out = &text, .form = DOCUMENT_PLAIN};
	help_add_options(&document, command);
	fputs(text_get(&text), out);
	text_release(&text);
}

static void print_command(const struct command *command, FILE *out)
{
	fprintf(out, "  %-*s%s\n", NAME_WIDTH, command->name, command->summary);
}

static void print_examples(const struct example *examples, FILE *out)
{
	if (!examples)
		return;
	fputs("\nexamples:\n", out);
	for (; examples->line; examples++)
		fprintf(out, "  # %s\n  %s\n", examples->what, examples->line);
}

uint64_t help_flags(const struct command *command)
{
	uint64_t everywhere = FLAG_BIT(FLAG_HELP);
	if (command == &command_run)
		everywhere |= FLAG_BIT(FLAG_VERSION);
	return command->flags | everywhere;
}

static void print_overview(FILE *out)
{
	fputs("conrun runs concurrency experiments that a YAML file describes.\n"
	      "\n"
	      "usage: conrun FILE… [OPTION…]         run scenarios\n"
	      "       conrun COMMAND [ARGUMENT…]\n"
	      "       conrun help COMMAND            its options, with examples\n"
	      "       conrun help scenario           what a scenario can say\n"
	      "\n"
	      "commands:\n",
		out);
	for (const struct command *const *command = command_registry; *command; command++)
		print_command(*command, out);
}

void help_begin(FILE *out)
{
	print_overview(out);
	const char *name = pasted_program();
	fprintf(out,
		"\nto begin:\n"
		"  %s init           writes a scenario, and says what comes next\n"
		"  %s help           all options, with examples\n",
		name, name);
}

void help_program(FILE *out)
{
	print_overview(out);
	fputs("\noptions of a run:\n", out);
	print_options(&command_run, out);
	print_examples(command_run.examples, out);
	fputs("\nexit code:\n", out);
	for (const struct exit_meaning *exit = exit_meanings; exit->meaning; exit++)
		fprintf(out, "  %-4d%s\n", exit->code, exit->meaning);
}

void help_add_usage(const struct command *command, struct text *out)
{
	text_addf(out, "conrun %s%s%s%s", command->name, *command->usage ? " " : "", command->usage,
		command->flags ? " [OPTION…]" : "");
}

void help_of(const struct command *command, FILE *out)
{
	struct text line;
	text_init(&line);
	help_add_usage(command, &line);
	fprintf(out, "conrun %s: %s\n\nusage: %s\n", command->name, command->summary,
		text_get(&line));
	text_release(&line);
	if (*command->help)
		fprintf(out, "\n%s", command->help);
	fputs("\noptions:\n", out);
	print_options(command, out);
	print_examples(command->examples, out);
}

/* ---- the command ---- */

/* What `conrun list` explains was perhaps looked for here. */
static enum exit_code unknown(const char *topic, struct err *err)
{
	const char *names[NAMES_MOST] = {HELP_SCENARIO};
	size_t count = 1;
	for (size_t i = 0; command_registry[i] && count < NAMES_MOST; i++)
		names[count++] = command_registry[i]->name;
	const char *nearest = text_nearest(topic, names, count);
	if (words_has(WORDS_LISTED, topic, strlen(topic)))
		err_set(err, "'%s' is no command; see 'conrun list %s'", topic, topic);
	else if (nearest)
		err_set(err, "unknown command '%s'; did you mean '%s'?", topic, nearest);
	else
		err_set(err, "unknown command '%s'; see 'conrun help'", topic);
	return EXIT_USAGE;
}

static enum exit_code print_topic(const char *topic, struct err *err)
{
	const struct command *command = command_find(topic);
	if (command) {
		help_of(command, stdout);
		return EXIT_OK;
	}
	if (strcmp(topic, HELP_SCENARIO) != 0)
		return unknown(topic, err);
	struct text out;
	text_init(&out);
	help_scenario(&out);
	fputs(text_get(&out), stdout);
	text_release(&out);
	return EXIT_OK;
}

static void print_made(const char *page, const char *shell)
{
	struct text out;
	text_init(&out);
	if (page)
		man_add(page, &out);
	if (shell)
		completion_add(shell, &out);
	fputs(text_get(&out), stdout);
	text_release(&out);
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	const char *page = invocation_value(invocation, FLAG_MAN);
	const char *shell = invocation_value(invocation, FLAG_COMPLETION);
	if (invocation->operand_count)
		return print_topic(invocation->operands[0], err);
	if (page || shell)
		print_made(page, shell);
	else
		help_program(stdout);
	return EXIT_OK;
}

static const struct example examples[] = {
	{"conrun help plan", "the options of a command, with examples"},
	{"conrun help scenario", "what a scenario can say"},
	{"conrun help --man 5 | man -l -", "the same as a manual page"},
	{"conrun help --completion bash > ~/.conrun-completion", "for ~/.bashrc to source"},
	{NULL, NULL},
};

static const struct flag_use uses[] = {
	{FLAG_MAN, "a manual page, for man -l: 1, the program; 5, the scenario", man_sections},
	{FLAG_COMPLETION, "a script that completes the command line: bash, zsh or fish",
		completion_shells},
	{.help = NULL},
};

const struct command command_help = {
	.name = "help",
	.usage = "[COMMAND|scenario]",
	.summary = "what conrun, a command or a scenario does",
	.help = "Manual pages and completions come with an installed conrun; in a checkout this\n"
		"prints them.\n",
	.examples = examples,
	.flags = FLAG_BIT(FLAG_MAN) | FLAG_BIT(FLAG_COMPLETION),
	.uses = uses,
	.operands = WORDS_TOPICS,
	.operands_most = 1,
	.run = run,
};
