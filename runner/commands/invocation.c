/* Options may stand anywhere; `--` ends them. The first operand is a command or a file. */
#include "commands/invocation.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct flag_entry flag_table[] = {
	{FLAG_HELP, "help", 'h', NULL, "what conrun or a command does", NULL},
	{FLAG_VERSION, "version", 0, NULL, "versions of conrun and its libraries", NULL},
	{FLAG_DRY_RUN, "dry-run", 'n', NULL, "show the plan, run nothing", NULL},
	{FLAG_OUTPUT, "output", 'o', "DIR",
		"where results go and are looked for (default: results)", "results"},
	{FLAG_QUIET, "quiet", 'q', NULL, "no progress and no table; errors and exit code only",
		NULL},
	{FLAG_ALL, "all", 0, NULL, "print every cell of the plan", NULL},
	{FLAG_ALLOW_EXEC, "allow-exec", 0, NULL,
		"workloads may run programs, scripts use files as they like", NULL},
	{FLAG_FORMAT, "format", 0, "NAME",
		"run: xlsx, a workbook as well; compare: table, csv or markdown", NULL},
	{FLAG_CSV_DIALECT, "csv-dialect", 0, "NAME",
		"of <scenario>.csv: comma, or semicolon with decimal commas (default: comma)",
		"comma"},
	{FLAG_FIGURE, "figure", 0, "COLUMN", "compare this column of runs.csv: a time or a rate",
		NULL},
	{FLAG_TOLERANCE, "tolerance", 0, "SHARE",
		"what still counts as the same when comparing (default: 5%)", "5%"},
	{FLAG_FORCE, "force", 0, NULL, "compare what different machines measured", NULL},
	{FLAG_RESUME, "resume", 0, NULL, "go on with the newest session, if it is unfinished",
		NULL},
	{FLAG_RERUN, "rerun", 0, "failed", "make the newest session's runs again that are not ok",
		NULL},
	{FLAG_HTML, "html", 0, NULL, "report: the page, which is what it makes by itself", NULL},
	{FLAG_MD, "md", 0, NULL, "report: Markdown, on standard output", NULL},
	{FLAG_SVG, "svg", 0, NULL, "report: the charts as SVG files", NULL},
	{FLAG_PNG, "png", 0, NULL, "report: the charts as PNG files", NULL},
	{FLAG_TIMELINE, "timeline", 0, NULL, "report: who ran which task when, as text", NULL},
	{.name = NULL},
};

enum { CANDIDATES_MOST = 64 };

bool invocation_has(const struct invocation *invocation, enum flag flag)
{
	for (size_t i = 0; i < invocation->given_count; i++)
		if (invocation->given[i].flag == flag)
			return true;
	return false;
}

const char *invocation_value(const struct invocation *invocation, enum flag flag)
{
	const struct flag_entry *entry = flag_table;
	const char *value = NULL;
	for (size_t i = 0; i < invocation->given_count; i++)
		if (invocation->given[i].flag == flag)
			value = invocation->given[i].value;
	while (!value && entry->name && entry->flag != flag)
		entry++;
	return value ? value : entry->fallback;
}

static const struct flag_entry *find_flag(const char *name, size_t length)
{
	for (const struct flag_entry *entry = flag_table; entry->name; entry++)
		if (strlen(entry->name) == length && strncmp(entry->name, name, length) == 0)
			return entry;
	return NULL;
}

static const struct flag_entry *find_letter(char letter)
{
	for (const struct flag_entry *entry = flag_table; entry->name; entry++)
		if (letter && entry->letter == letter)
			return entry;
	return NULL;
}

static int unknown_flag(const char *argument, struct err *err)
{
	const char *names[CANDIDATES_MOST];
	size_t count = 0;
	for (const struct flag_entry *entry = flag_table; entry->name; entry++)
		names[count++] = entry->name;
	const char *word = argument + strspn(argument, "-");
	const char *nearest = *word ? text_nearest(word, names, count) : NULL;
	if (nearest)
		return err_set(err, "unknown option '%s'; did you mean '--%s'?", argument, nearest);
	return err_set(err, "unknown option '%s'; see 'conrun help'", argument);
}

static int set_flag(struct invocation *invocation, const struct flag_entry *entry,
	const char *value, struct err *err)
{
	if (!entry->argument && value)
		return err_set(err, "option '--%s' takes no value", entry->name);
	if (entry->argument && (!value || !*value))
		return err_set(
			err, "option '--%s' needs a value: %s", entry->name, entry->argument);
	invocation->given[invocation->given_count++] = (struct given){entry->flag, value};
	return 0;
}

/* One option at argv[*at], and its value where that is the next argument. */
static int take_flag(struct invocation *invocation, int *at, struct err *err)
{
	char *argument = invocation->argv[*at];
	bool is_long = argument[1] == '-';
	size_t length = strcspn(argument + 2, "=");
	const struct flag_entry *entry =
		is_long ? find_flag(argument + 2, length) : find_letter(argument[1]);
	if (!entry || (!is_long && argument[2] && !entry->argument))
		return unknown_flag(argument, err);
	const char *value = NULL;
	if (is_long && argument[2 + length] == '=')
		value = argument + 2 + length + 1;
	else if (!is_long && argument[2])
		value = argument + 2;
	else if (entry->argument && *at + 1 < invocation->argc)
		value = invocation->argv[++*at];
	return set_flag(invocation, entry, value, err);
}

static int take_arguments(struct invocation *invocation, struct err *err)
{
	bool only_operands = false;
	for (int i = 1; i < invocation->argc; i++) {
		char *argument = invocation->argv[i];
		if (!only_operands && strcmp(argument, "--") == 0)
			only_operands = true;
		else if (only_operands || argument[0] != '-' || !argument[1])
			invocation->operands[invocation->operand_count++] = argument;
		else if (take_flag(invocation, &i, err))
			return -1;
	}
	return 0;
}

/* A word that could be a command and is no file was meant to be a command. */
static int check_word(const char *word, struct err *err)
{
	if (strpbrk(word, "/.") || access(word, F_OK) == 0)
		return 0;
	const char *names[CANDIDATES_MOST];
	size_t count = 0;
	for (const struct command *const *command = command_registry; *command; command++)
		names[count++] = (*command)->name;
	const char *nearest = text_nearest(word, names, count);
	if (nearest)
		return err_set(err, "unknown command '%s'; did you mean '%s'?", word, nearest);
	return err_set(err, "'%s' is neither a command nor a file; see 'conrun help'", word);
}

static int choose_command(struct invocation *invocation, struct err *err)
{
	invocation->command = &command_run;
	if (invocation->operand_count == 0)
		return 0;
	const char *first = invocation->operands[0];
	const struct command *named = command_find(first);
	if (!named)
		return check_word(first, err);
	invocation->command = named;
	invocation->operand_count--;
	memmove(invocation->operands, invocation->operands + 1,
		invocation->operand_count * sizeof(*invocation->operands));
	return 0;
}

/* Some options ask for another command in other words. */
static void apply_flags(struct invocation *invocation)
{
	if (invocation->command == &command_run && invocation_has(invocation, FLAG_DRY_RUN))
		invocation->command = &command_plan;
	if (invocation_has(invocation, FLAG_VERSION))
		invocation->command = &command_version;
}

static int check_use(const struct invocation *invocation, struct err *err)
{
	const struct command *command = invocation->command;
	if (invocation_has(invocation, FLAG_HELP) || invocation_has(invocation, FLAG_VERSION))
		return 0;
	for (const struct flag_entry *entry = flag_table; entry->name; entry++)
		if (invocation_has(invocation, entry->flag) &&
			!(command->flags & FLAG_BIT(entry->flag)))
			return err_set(err, "option '--%s' does not apply to 'conrun %s'",
				entry->name, command->name);
	if (invocation->operand_count < command->operands_least ||
		invocation->operand_count > command->operands_most)
		return err_set(err, "usage: conrun %s%s%s", command->name,
			*command->usage ? " " : "", command->usage);
	return 0;
}

int invocation_parse(struct invocation *invocation, int argc, char **argv, struct err *err)
{
	*invocation = (struct invocation){.argc = argc, .argv = argv};
	invocation->given = memory_alloc((size_t)argc * sizeof(*invocation->given));
	invocation->operands = memory_alloc((size_t)argc * sizeof(*invocation->operands));
	if (take_arguments(invocation, err) || choose_command(invocation, err))
		return -1;
	apply_flags(invocation);
	return check_use(invocation, err);
}

void invocation_release(struct invocation *invocation)
{
	free(invocation->given);
	free(invocation->operands);
}
