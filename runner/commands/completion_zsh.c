/* The script for zsh: which command it is, and for each the specifications of _arguments. */
#include "commands/completion.h"
#include "commands/help.h"
#include "commands/words.h"

#include <string.h>

static const char quote[] = "'\\''";

static const char helpers[] =
	"#compdef conrun\n"
	"# Completes conrun's command line in zsh; made by `conrun help --completion zsh`.\n"
	"\n"
	"# Scenarios that have results.\n"
	"_conrun_with_sessions() {\n"
	"\tlocal -a names=(${opt_args[--output]:-${opt_args[-o]:-results}}/*.csv(N:t:r))\n"
	"\t_alternative 'sessions:scenario:compadd -a names' \"files:file:$1\"\n"
	"}\n"
	"\n"
	"_conrun_assigned() {\n"
	"\tcompset -P '*=' || _describe key \"$1\" -S =\n"
	"}\n"
	"\n"
	"_conrun_first() {\n"
	"\tlocal -i none=1\n"
	"\t_describe -t commands command _conrun_commands && none=0\n"
	"\t_conrun_scenarios && none=0\n"
	"\treturn none\n"
	"}\n";

/* Inside of an explanation or a description. */
static void add_escaped(const char *text, struct text *out)
{
	struct text escaped;
	text_init(&escaped);
	for (; *text; text++)
		text_addf(&escaped, "%s%c", strchr("[]:\\", *text) ? "\\" : "", *text);
	for (const char *byte = text_get(&escaped); *byte; byte++)
		if (*byte == '\'')
			text_add(out, quote);
		else
			text_add_bytes(out, byte, 1);
	text_release(&escaped);
}

static void add_described(const char *word, const char *help, void *context)
{
	struct text *out = context;
	text_addf(out, " '%s:", word);
	add_escaped(help, out);
	text_add(out, "'");
}

static void add_valued(const char *word, const char *help, void *context)
{
	struct text *out = context;
	text_addf(out, " '%s[", word);
	add_escaped(help, out);
	text_add(out, "]'");
}

static void add_files(const struct words_place *at, struct text *out)
{
	text_add(out, "_files");
	if (!at->suffixes)
		text_add(out, " -/");
	for (const char *const *suffix = at->suffixes; suffix && *suffix; suffix++)
		text_addf(out, "%s*%s", suffix == at->suffixes ? " -g \"" : "|", *suffix);
	if (at->suffixes)
		text_add(out, "(-.)\"");
}

/* A function's body. */
static void add_place(enum words place, struct text *out)
{
	const struct words_place *at = &words_places[place];
	if (at->each && at->list) {
		text_add(out, "\t_values -s , word");
		at->each(add_valued, out);
		text_add(out, "\n");
	} else if (at->each) {
		text_add(out, "\tlocal -a words_here=(");
		at->each(add_described, out);
		text_add(out, ")\n");
		text_add(out, at->assigned ? "\t_conrun_assigned words_here\n"
					   : "\t_describe word words_here\n");
	}
	if (!at->folders)
		return;
	text_add(out, at->sessions ? "\t_conrun_with_sessions '" : "\t");
	add_files(at, out);
	text_add(out, at->sessions ? "'\n" : "\n");
}

static void add_places(struct text *out)
{
	for (enum words place = WORDS_UNSAID; place < WORDS_COUNT; place++) {
		if (!words_places[place].name)
			continue;
		text_addf(out, "\n_conrun_%s() {\n", words_places[place].name);
		add_place(place, out);
		text_add(out, "}\n");
	}
}

/* `'(-o --output)'{-o+,--output=}'[where results go]:DIR:_conrun_value_output'` */
static void add_option(
	const struct command *command, const struct flag_entry *entry, struct text *out)
{
	const char *const *choices = flag_choices(command, entry->flag);
	text_add(out, " \\\n\t\t\t");
	if (entry->repeats)
		text_add(out, "'*'");
	else if (entry->letter)
		text_addf(out, "'(-%c --%s)'", entry->letter, entry->name);
	if (entry->letter)
		text_addf(out, "{-%c%s,--%s%s}'", entry->letter, entry->argument ? "+" : "",
			entry->name, entry->argument ? "=" : "");
	else
		text_addf(out, "'--%s%s", entry->name, entry->argument ? "=" : "");
	text_add(out, "[");
	add_escaped(flag_help(command, entry->flag), out);
	text_add(out, "]");
	if (entry->argument)
		text_addf(out, ":%s:", entry->argument);
	if (choices) {
		text_add(out, "(");
		for (const char *const *choice = choices; *choice; choice++)
			text_addf(out, "%s%s", choice == choices ? "" : " ", *choice);
		text_add(out, ")");
	} else if (words_places[entry->value].name) {
		text_addf(out, "_conrun_%s", words_places[entry->value].name);
	}
	text_add(out, "'");
}

/* The command is the first word, or is left out. */
static void add_command(const struct command *command, struct text *out)
{
	text_addf(out, "\t(%s)\n\t\t_arguments -s -S :", command->name);
	for (const struct flag_entry *entry = flag_table; entry->name; entry++)
		if (help_flags(command) & FLAG_BIT(entry->flag))
			add_option(command, entry, out);
	text_add(out, " \\\n\t\t\t'1: :_conrun_first'");
	const char *operand = words_places[command->operands].name;
	if (operand && command->operands_most == (size_t)-1)
		text_addf(out, " '*: :_conrun_%s'", operand);
	else
		for (size_t i = 0; operand && i < command->operands_most; i++)
			text_addf(out, " '%zu: :_conrun_%s'", i + 2, operand);
	text_add(out, " ;;\n");
}

static void add_names(const char *name, const char *help, void *context)
{
	struct text *out = context;
	(void)help;
	text_addf(out, "%s%s", out->bytes[out->length - 1] == '(' ? "" : "|", name);
}

void completion_zsh(struct text *out)
{
	text_add(out, helpers);
	add_places(out);
	text_add(out, "\n_conrun() {\n\tlocal command=run\n\tlocal -i at\n"
		      "\tlocal -a _conrun_commands=(");
	words_commands(add_described, out);
	text_add(out, ")\n\tfor ((at = 2; at < CURRENT; at++)); do\n\t\tcase $words[at] in\n\t\t(");
	completion_takers("|", out);
	text_add(out, ") at+=1 ;;\n\t\t(-*) ;;\n\t\t(");
	words_commands(add_names, out);
	text_add(out, ") command=$words[at]; break ;;\n\t\t(*) break ;;\n\t\tesac\n\tdone\n"
		      "\tcase $command in\n");
	for (const struct command *const *command = command_registry; *command; command++)
		add_command(*command, out);
	/* Loaded from a file it is called at once, read by `source` it is told what it is for. */
	text_add(out, "\tesac\n}\n\n"
		      "if [[ $funcstack[1] = _conrun ]]; then\n\t_conrun \"$@\"\n"
		      "else\n\tcompdef _conrun conrun\nfi\n");
}
