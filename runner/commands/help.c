/* `conrun help`: made from the tables of commands and options. */
#include "commands/help.h"

#include "base/text.h"
#include "commands/invocation.h"

enum { NAME_WIDTH = 22 };

static void print_flag(const struct flag_entry *entry, FILE *out)
{
	struct text name;
	text_init(&name);
	if (entry->letter)
		text_addf(&name, "-%c, ", entry->letter);
	text_addf(&name, "--%s", entry->name);
	if (entry->argument)
		text_addf(&name, " %s", entry->argument);
	fprintf(out, "  %-*s%s\n", NAME_WIDTH, text_get(&name), entry->help);
	text_release(&name);
}

static void print_flags(uint64_t flags, FILE *out)
{
	for (const struct flag_entry *entry = flag_table; entry->name; entry++)
		if (flags & FLAG_BIT(entry->flag))
			print_flag(entry, out);
}

void help_program(FILE *out)
{
	fputs("conrun runs concurrency experiments that a YAML file describes.\n"
	      "\n"
	      "usage: conrun FILE…              run scenarios: conrun scenarios/io_1000.yaml\n"
	      "       conrun COMMAND [ARGUMENT…]\n"
	      "\n"
	      "commands:\n",
		out);
	for (const struct command *const *command = command_registry; *command; command++)
		fprintf(out, "  %-*s%s\n", NAME_WIDTH, (*command)->name, (*command)->summary);
	fputs("\noptions:\n", out);
	print_flags(~UINT64_C(0), out);
	fputs("\n"
	      "exit code: 0 all runs ok · 1 a run is not ok · 2 usage or scenario error, nothing\n"
	      "run · 3 an expectation or a comparison failed · 130 interrupted, results kept\n",
		out);
}

void help_of(const struct command *command, FILE *out)
{
	fprintf(out, "conrun %s: %s\n\nusage: conrun %s %s\n", command->name, command->summary,
		command->name, command->usage);
	if (*command->help)
		fprintf(out, "\n%s", command->help);
	if (command->flags) {
		fputs("\noptions:\n", out);
		print_flags(command->flags, out);
	}
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	if (invocation->operand_count == 0) {
		help_program(stdout);
		return EXIT_OK;
	}
	const struct command *command = command_find(invocation->operands[0]);
	if (!command) {
		err_set(err, "unknown command '%s'; see 'conrun help'", invocation->operands[0]);
		return EXIT_USAGE;
	}
	help_of(command, stdout);
	return EXIT_OK;
}

const struct command command_help = {
	.name = "help",
	.usage = "[COMMAND]",
	.summary = "what conrun or a command does",
	.help = "",
	.operands_most = 1,
	.run = run,
};
