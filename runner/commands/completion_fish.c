/* The script for fish: one `complete` for each option of each command. */
#include "commands/completion.h"
#include "commands/help.h"
#include "commands/words.h"

#include <string.h>

/* A word in single quotes, inside which a backslash and a quote are escaped. */
static void add_quoted(const char *word, struct text *out)
{
	text_add(out, "'");
	for (; *word; word++)
		text_addf(out, "%s%c", *word == '\'' || *word == '\\' ? "\\" : "", *word);
	text_add(out, "'");
}

static const char head[] =
	"# Completes conrun's command line in fish; made by `conrun help --completion fish`.\n"
	"\n"
	"# The command that was typed, `run` where a file was, and each of its operands.\n"
	"function __conrun_typed\n"
	"\tset -l command\n"
	"\tset -l words (commandline -opc)\n"
	"\tset -e words[1]\n"
	"\tset -l value\n"
	"\tfor word in $words\n"
	"\t\tif test -n \"$value\"\n"
	"\t\t\tset value\n"
	"\t\t\tcontinue\n"
	"\t\tend\n"
	"\t\tswitch $word\n"
	"\t\t\tcase ";

static const char helpers[] =
	"\t\t\tcase '*'\n"
	"\t\t\t\tif test -z \"$command\"\n"
	"\t\t\t\t\tset command run\n"
	"\t\t\t\t\techo run\n"
	"\t\t\t\tend\n"
	"\t\t\t\techo $word\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"\n"
	"function __conrun_first\n"
	"\ttest -z (__conrun_typed | string collect; or echo)\n"
	"end\n"
	"\n"
	"# Is it that command?\n"
	"function __conrun_is\n"
	"\tset -l typed (__conrun_typed)\n"
	"\tset -q typed[1]; or set typed run\n"
	"\ttest $typed[1] = $argv[1]\n"
	"end\n"
	"\n"
	"# Is it that command, and has it fewer operands than so many?\n"
	"function __conrun_lacks\n"
	"\t__conrun_is $argv[1]; and test (count (__conrun_typed)) -le $argv[2]\n"
	"end\n"
	"\n"
	"# Files by their endings, and folders.\n"
	"function __conrun_files\n"
	"\tset -l token (commandline -ct)\n"
	"\tset token (string replace -r -- '^--?[^=]*=' '' $token)\n"
	"\tfor file in (complete -C\"'' $token\" | string replace -r '\\t.*' '')\n"
	"\t\tif string match -q -- '*/' $file\n"
	"\t\t\techo $file\n"
	"\t\t\tcontinue\n"
	"\t\tend\n"
	"\t\tfor ending in $argv\n"
	"\t\t\tstring match -q -- \"*$ending\" $file; and echo $file\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"\n"
	"# Scenarios that have results.\n"
	"function __conrun_sessions\n"
	"\tset -l output (commandline -op | string replace -rf -- '^(?:--output=|-o)(.+)' '$1')\n"
	"\tset -l words (commandline -op)\n"
	"\tfor flag in --output -o\n"
	"\t\tif set -l at (contains -i -- $flag $words)\n"
	"\t\t\tset output $words[(math $at + 1)]\n"
	"\t\tend\n"
	"\tend\n"
	"\ttest -n \"$output[1]\"; or set output results\n"
	"\tfor file in $output[1]/*.csv\n"
	"\t\tstring replace -r '.*/(.*)\\.csv$' '$1' $file\n"
	"\tend\n"
	"end\n"
	"\n"
	"# Words behind what a list already has.\n"
	"function __conrun_list\n"
	"\tset -l token (commandline -ct | string replace -r -- '^--?[^=]*=' '')\n"
	"\tset -l before (string replace -r '[^,]*$' '' -- \"$token\")\n"
	"\tfor word in $argv\n"
	"\t\techo \"$before$word\"\n"
	"\tend\n"
	"end\n"
	"\n"
	"complete -c conrun -f\n";

static void add_word(const char *word, const char *help, void *context)
{
	text_addf(context, "%s\\t", word);
	add_quoted(help, context);
	text_add(context, " ");
}

static void add_assigned(const char *word, const char *help, void *context)
{
	text_addf(context, "%s=\\t", word);
	add_quoted(help, context);
	text_add(context, " ");
}

static void add_name(const char *name, const char *help, void *context)
{
	(void)help;
	text_addf(context, " %s", name);
}

/* What completes one place: evaluated when it is needed, so quoted once more. */
static void add_place(enum words place, struct text *out)
{
	const struct words_place *at = &words_places[place];
	struct text code;
	text_init(&code);
	if (at->sessions)
		text_add(&code, "(__conrun_sessions) ");
	if (at->each && at->list) {
		text_add(&code, "(__conrun_list");
		at->each(add_name, &code);
		text_add(&code, ")");
	} else if (at->each) {
		at->each(at->assigned ? add_assigned : add_word, &code);
	}
	if (at->folders) {
		text_add(&code, "(__conrun_files");
		for (const char *const *suffix = at->suffixes; suffix && *suffix; suffix++)
			text_addf(&code, " %s", *suffix);
		text_add(&code, ")");
	}
	if (code.length) {
		text_add(out, " -a ");
		add_quoted(text_get(&code), out);
	}
	text_release(&code);
}

static void add_value(
	const struct command *command, const struct flag_entry *entry, struct text *out)
{
	const char *const *choices = flag_choices(command, entry->flag);
	if (!entry->argument)
		return;
	text_add(out, " -x");
	if (!choices) {
		add_place(entry->value, out);
		return;
	}
	text_add(out, " -a '");
	completion_choices(choices, out);
	text_add(out, "'");
}

static void add_option(
	const struct command *command, const struct flag_entry *entry, struct text *out)
{
	text_addf(out, "complete -c conrun -n '__conrun_is %s'", command->name);
	if (entry->letter)
		text_addf(out, " -s %c", entry->letter);
	text_addf(out, " -l %s", entry->name);
	add_value(command, entry, out);
	text_add(out, " -d ");
	add_quoted(flag_help(command, entry->flag), out);
	text_add(out, "\n");
}

static void add_operands(const struct command *command, struct text *out)
{
	if (!command->operands || !command->operands_most)
		return;
	if (command->operands_most == (size_t)-1)
		text_addf(out, "complete -c conrun -n '__conrun_is %s'", command->name);
	else
		text_addf(out, "complete -c conrun -n '__conrun_lacks %s %zu'", command->name,
			command->operands_most);
	add_place(command->operands, out);
	text_add(out, "\n");
}

static void add_command(const char *name, const char *help, void *context)
{
	struct text *out = context;
	text_addf(out, "complete -c conrun -n __conrun_first -a %s -d ", name);
	add_quoted(help, out);
	text_add(out, "\n");
}

void completion_fish(struct text *out)
{
	text_add(out, head);
	completion_takers(" ", out);
	text_add(out, "\n\t\t\t\tset value yes\n\t\t\tcase '-*'\n\t\t\tcase");
	words_commands(add_name, out);
	text_add(out, "\n\t\t\t\ttest -n \"$command\"; or set command $word\n"
		      "\t\t\t\techo $word\n");
	text_add(out, helpers);
	words_commands(add_command, out);
	for (const struct command *const *command = command_registry; *command; command++) {
		text_add(out, "\n");
		for (const struct flag_entry *entry = flag_table; entry->name; entry++)
			if (help_flags(*command) & FLAG_BIT(entry->flag))
				add_option(*command, entry, out);
		add_operands(*command, out);
	}
}
