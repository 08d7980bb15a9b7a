/* Options may stand anywhere; `--` ends them. The first operand is a command or a file. */
#include "commands/invocation.h"

#include "base/memory.h"
#include "base/text.h"
#include "commands/shipped.h"
#include "commands/words.h"
#include "review/find.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CANDIDATES_MOST = 64 };

bool invocation_has(const struct invocation *invocation, enum flag flag)
{
	for (size_t i = 0; i < invocation->given_count; i++)
		if (invocation->given[i].flag == flag)
			return true;
	return false;
}

const struct flag_entry *flag_find(enum flag flag)
{
	const struct flag_entry *entry = flag_table;
	while (entry->name && entry->flag != flag)
		entry++;
	return entry;
}

static const struct flag_use *find_use(const struct command *command, enum flag flag)
{
	const struct flag_use *use = command->uses;
	while (use && use->help && use->flag != flag)
		use++;
	return use && use->help ? use : NULL;
}

const char *flag_help(const struct command *command, enum flag flag)
{
	const struct flag_use *use = find_use(command, flag);
	return use ? use->help : flag_find(flag)->help;
}

const char *const *flag_choices(const struct command *command, enum flag flag)
{
	const struct flag_use *use = find_use(command, flag);
	return use && use->choices ? use->choices : flag_find(flag)->choices;
}

const char *invocation_value(const struct invocation *invocation, enum flag flag)
{
	const char *value = NULL;
	for (size_t i = 0; i < invocation->given_count; i++)
		if (invocation->given[i].flag == flag)
			value = invocation->given[i].value;
	return value ? value : flag_find(flag)->fallback;
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

/* `--workers 4` is a key of the scenario: how the command line puts it there. */
static int key_as_flag(const char *argument, const char *word, const char *next, struct err *err)
{
	const char *value = strchr(word, '=');
	int length = (int)strcspn(word, "=");
	if (value)
		value++;
	else
		value = next && *next != '-' ? next : "…";
	return err_set(err, "unknown option '%s'; a scenario's values are set so: --set %.*s=%s",
		argument, length, word, value);
}

/* The option that is meant: the nearest name, or for one letter the only one that begins so. */
static const char *nearest_flag(const char *word)
{
	const char *names[CANDIDATES_MOST], *beginning = NULL;
	size_t count = 0, beginnings = 0;
	for (const struct flag_entry *entry = flag_table; entry->name; entry++) {
		names[count++] = entry->name;
		if (strncasecmp(entry->name, word, 1) == 0) {
			beginning = entry->name;
			beginnings++;
		}
	}
	if (strlen(word) == 1)
		return beginnings == 1 ? beginning : NULL;
	return *word ? text_nearest(word, names, count) : NULL;
}

static int unknown_flag(const char *argument, const char *next, struct err *err)
{
	const char *word = argument + strspn(argument, "-");
	const char *nearest = nearest_flag(word);
	if (words_has(WORDS_KEY_VALUE, word, strcspn(word, "=")))
		return key_as_flag(argument, word, next, err);
	if (nearest)
		return err_set(err, "unknown option '%s'; did you mean '--%s'?", argument, nearest);
	return err_set(err, "unknown option '%s'; see 'conrun help'", argument);
}

/* How it could have been written. */
static int value_missing(const struct flag_entry *entry, struct err *err)
{
	const char *const instances[] = {
		entry->example, entry->choices ? entry->choices[0] : NULL, entry->fallback};
	for (size_t i = 0; i < sizeof(instances) / sizeof(instances[0]); i++)
		if (instances[i])
			return err_set(err,
				"option '--%s' needs a value: %s; write for instance --%s %s",
				entry->name, entry->argument, entry->name, instances[i]);
	return err_set(err, "option '--%s' needs a value: %s; see 'conrun help'", entry->name,
		entry->argument);
}

static int set_flag(struct invocation *invocation, const struct flag_entry *entry,
	const char *value, struct err *err)
{
	if (!entry->argument && value)
		return err_set(err, "option '--%s' takes no value; write --%s alone", entry->name,
			entry->name);
	if (entry->argument && (!value || !*value))
		return value_missing(entry, err);
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
		return unknown_flag(argument,
			*at + 1 < invocation->argc ? invocation->argv[*at + 1] : NULL, err);
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

static bool is_shipped(const char *word)
{
	struct text path;
	text_init(&path);
	bool found = shipped_find(word, &path);
	text_release(&path);
	return found;
}

static int unknown_word(const char *word, struct err *err)
{
	struct arena arena;
	size_t count;
	arena_init(&arena);
	const char *const *names = shipped_names(&arena, &count);
	const char *nearest = text_nearest(word, names, count);
	if (words_has(WORDS_LISTED, word, strlen(word)))
		err_set(err, "'%s' is no command; see 'conrun list %s'", word, word);
	else if (nearest)
		err_set(err, "there is no scenario '%s'; did you mean '%s'?", word, nearest);
	else
		err_set(err, "'%s' is neither a command nor a file; see 'conrun help'", word);
	arena_release(&arena);
	return -1;
}

/* A word that could be a command, and is neither a file nor a scenario that comes with conrun, was
 * meant to be one of them. */
static int check_word(const char *word, struct err *err)
{
	if (strpbrk(word, "/.") || strcmp(word, "-") == 0 || shipped_is_file(word) ||
		is_shipped(word))
		return 0;
	const char *names[CANDIDATES_MOST];
	size_t count = 0;
	for (const struct command *const *command = command_registry; *command; command++)
		names[count++] = (*command)->name;
	const char *nearest = text_nearest(word, names, count);
	if (nearest)
		return err_set(err, "unknown command '%s'; did you mean '%s'?", word, nearest);
	return unknown_word(word, err);
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
	invocation->named = true;
	invocation->operand_count--;
	memmove(invocation->operands, invocation->operands + 1,
		invocation->operand_count * sizeof(*invocation->operands));
	return 0;
}

/* Some options ask for another command in other words. */
static void apply_flags(struct invocation *invocation)
{
	invocation->asked = invocation->command;
	if (invocation->command == &command_run && invocation_has(invocation, FLAG_DRY_RUN))
		invocation->command = &command_plan;
	if (invocation_has(invocation, FLAG_VERSION))
		invocation->command = &command_version;
}

/* Which commands take it instead. */
static int misplaced(const struct flag_entry *entry, const struct command *command, struct err *err)
{
	struct text takers;
	text_init(&takers);
	for (const struct command *const *other = command_registry; *other; other++)
		if ((*other)->flags & FLAG_BIT(entry->flag))
			text_addf(&takers, "%s'conrun %s'", takers.length ? ", " : "",
				(*other)->name);
	err_set(err, "option '--%s' does not apply to 'conrun %s'; it belongs to %s", entry->name,
		command->name, takers.length ? text_get(&takers) : "no command");
	text_release(&takers);
	return -1;
}

/* Its value is one of those that the command knows. */
static int check_choice(const struct command *command, const struct given *given, struct err *err)
{
	const char *const *choices = flag_choices(command, given->flag);
	const char *name = flag_find(given->flag)->name;
	struct text allowed;
	size_t count = 0;
	for (; choices && choices[count]; count++)
		if (strcmp(given->value, choices[count]) == 0)
			return 0;
	if (!choices)
		return 0;
	const char *nearest = text_nearest(given->value, choices, count);
	if (nearest)
		return err_set(err, "unknown value '%s' for '--%s'; did you mean '%s'?",
			given->value, name, nearest);
	text_init(&allowed);
	for (size_t i = 0; i < count; i++)
		text_addf(&allowed, "%s%s", i ? ", " : "", choices[i]);
	err_set(err, "unknown value '%s' for '--%s'; allowed: %s", given->value, name,
		text_get(&allowed));
	text_release(&allowed);
	return -1;
}

static void name_sessions(const struct invocation *invocation, struct err *err)
{
	struct arena arena;
	arena_init(&arena);
	const char *known = find_known(invocation_value(invocation, FLAG_OUTPUT), &arena);
	if (*known)
		err_remedy(err, "%s", known);
	arena_release(&arena);
}

static int check_operands(const struct invocation *invocation, struct err *err)
{
	const struct command *command = invocation->asked;
	if (invocation->operand_count >= command->operands_least &&
		invocation->operand_count <= command->operands_most)
		return 0;
	err_set(err, "%susage: conrun %s%s%s; see 'conrun %s --help'",
		invocation->operand_count > command->operands_most ? "too many operands; " : "",
		command->name, *command->usage ? " " : "", command->usage, command->name);
	if (command->operands == WORDS_SESSIONS)
		name_sessions(invocation, err);
	return -1;
}

/* The command that takes an option; a dry run's line is also that of the run. */
static const struct command *taker(const struct invocation *invocation, enum flag flag)
{
	if (invocation->command->flags & FLAG_BIT(flag))
		return invocation->command;
	bool dry = invocation->command == &command_plan && invocation_has(invocation, FLAG_DRY_RUN);
	return dry && (command_run.flags & FLAG_BIT(flag)) ? &command_run : NULL;
}

static int check_use(const struct invocation *invocation, struct err *err)
{
	if (invocation_has(invocation, FLAG_HELP) || invocation_has(invocation, FLAG_VERSION))
		return 0;
	for (size_t i = 0; i < invocation->given_count; i++) {
		const struct given *given = &invocation->given[i];
		const struct command *command = taker(invocation, given->flag);
		if (!command)
			return misplaced(flag_find(given->flag), invocation->command, err);
		if (check_choice(command, given, err))
			return -1;
	}
	return check_operands(invocation, err);
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
