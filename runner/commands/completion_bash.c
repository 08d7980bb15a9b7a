/*
 * The script for bash, without the functions of the package bash-completion. `=` separates words
 * in what bash hands over, so that `--output=x` comes in three of them.
 */
#include "commands/completion.h"
#include "commands/help.h"
#include "commands/words.h"

static const char helpers[] =
	"# Completes conrun's command line in bash; made by `conrun help --completion bash`.\n"
	"\n"
	"_conrun_words()\n"
	"{\n"
	"\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -W \"$1\" -- \"$current\")\n"
	"}\n"
	"\n"
	"# Files by their endings, and folders.\n"
	"_conrun_files()\n"
	"{\n"
	"\tlocal ending\n"
	"\tcompopt -o filenames 2>/dev/null\n"
	"\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(\n"
	"\t\tcompgen -d -- \"$current\"\n"
	"\t\tfor ending; do compgen -f -X \"!*$ending\" -- \"$current\"; done)\n"
	"}\n"
	"\n"
	"# Scenarios that have results.\n"
	"_conrun_sessions()\n"
	"{\n"
	"\tlocal file\n"
	"\tfor file in \"$output\"/*.csv; do\n"
	"\t\tfile=${file##*/} file=${file%.csv}\n"
	"\t\t[[ $file != '*' && $file == \"$current\"* ]] && COMPREPLY+=(\"$file\")\n"
	"\tdone\n"
	"}\n"
	"\n"
	"# The last of several words with commas between them.\n"
	"_conrun_list()\n"
	"{\n"
	"\tlocal before=${current%\"${current##*,}\"} at\n"
	"\tlocal current=${current##*,}\n"
	"\tcompopt -o nospace 2>/dev/null\n"
	"\t_conrun_words \"$1\"\n"
	"\tfor at in \"${!COMPREPLY[@]}\"; do COMPREPLY[at]=$before${COMPREPLY[at]}; done\n"
	"}\n"
	"\n"
	"# A name that takes a value behind a =.\n"
	"_conrun_assigned()\n"
	"{\n"
	"\tlocal at\n"
	"\tcompopt -o nospace 2>/dev/null\n"
	"\t_conrun_words \"$1\"\n"
	"\tfor at in \"${!COMPREPLY[@]}\"; do COMPREPLY[at]+==; done\n"
	"}\n";

static const char script[] =
	"\n"
	"_conrun()\n"
	"{\n"
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} output=results command= flag= ended= word\n"
	"\tlocal -i at count=0\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((at = 1; at < COMP_CWORD; at++)); do\n"
	"\t\tword=${COMP_WORDS[at]}\n"
	"\t\tif [[ ! $ended && $word == -- ]]; then\n"
	"\t\t\tended=yes\n"
	"\t\telif [[ ! $ended && $word == -?* ]]; then\n"
	"\t\t\t_conrun_takes_value \"$word\" || continue\n"
	"\t\t\tat+=1\n"
	"\t\t\t[[ ${COMP_WORDS[at]} == = ]] && at+=1\n"
	"\t\t\tif ((at >= COMP_CWORD)); then\n"
	"\t\t\t\tflag=$word\n"
	"\t\t\t\t[[ $current == = ]] && current=\n"
	"\t\t\t\tbreak\n"
	"\t\t\tfi\n"
	"\t\t\t[[ $word == --output || $word == -o ]] && output=${COMP_WORDS[at]}\n"
	"\t\t\t# What is behind a name's = nobody knows.\n"
	"\t\t\twhile [[ ${COMP_WORDS[at + 1]} == = ]]; do at+=2; done\n"
	"\t\t\t((at >= COMP_CWORD)) && return\n"
	"\t\telif [[ ! $command ]]; then\n"
	"\t\t\t_conrun_is_command \"$word\" && command=$word || command=run count=1\n"
	"\t\telse\n"
	"\t\t\tcount+=1\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tif [[ $flag ]]; then\n"
	"\t\t_conrun_value \"${command:-run}\" \"$flag\"\n"
	"\telif [[ ! $ended && $current == -* ]]; then\n"
	"\t\t_conrun_options \"${command:-run}\"\n"
	"\telse\n"
	"\t\t[[ $command ]] || _conrun_words \"$_conrun_commands\"\n"
	"\t\t_conrun_operand \"${command:-run}\"\n"
	"\tfi\n"
	"}\n"
	"complete -F _conrun conrun\n";

/* What completes one place, on a line of its own behind a `)`. */
static void add_place(enum words place, struct text *out)
{
	const struct words_place *at = &words_places[place];
	if (at->sessions)
		text_add(out, " _conrun_sessions;");
	if (at->each) {
		text_addf(out, " %s '",
			at->list       ? "_conrun_list"
			: at->assigned ? "_conrun_assigned"
				       : "_conrun_words");
		completion_words(place, out);
		text_add(out, "';");
	}
	if (at->folders) {
		text_add(out, " _conrun_files");
		for (const char *const *suffix = at->suffixes; suffix && *suffix; suffix++)
			text_addf(out, " %s", *suffix);
		text_add(out, ";");
	}
	text_add(out, ";\n");
}

static void add_value(
	const struct command *command, const struct flag_entry *entry, struct text *out)
{
	const char *const *choices = flag_choices(command, entry->flag);
	if (!choices && entry->value == WORDS_UNSAID)
		return;
	text_addf(out, "\t%s:--%s", command->name, entry->name);
	if (entry->letter)
		text_addf(out, " | %s:-%c", command->name, entry->letter);
	text_add(out, ")");
	if (!choices) {
		add_place(entry->value, out);
		return;
	}
	text_add(out, " _conrun_words '");
	completion_choices(choices, out);
	text_add(out, "' ;;\n");
}

static void add_values(struct text *out)
{
	text_add(out, "\n_conrun_value()\n{\n\tcase $1:$2 in\n");
	for (const struct command *const *command = command_registry; *command; command++)
		for (const struct flag_entry *entry = flag_table; entry->name; entry++)
			if (entry->argument && help_flags(*command) & FLAG_BIT(entry->flag))
				add_value(*command, entry, out);
	text_add(out, "\tesac\n}\n");
}

static void add_options(struct text *out)
{
	text_add(out, "\n_conrun_options()\n{\n\tcase $1 in\n");
	for (const struct command *const *command = command_registry; *command; command++) {
		text_addf(out, "\t%s) _conrun_words '", (*command)->name);
		const char *before = "";
		for (const struct flag_entry *entry = flag_table; entry->name; entry++) {
			if (!(help_flags(*command) & FLAG_BIT(entry->flag)))
				continue;
			text_addf(out, "%s--%s", before, entry->name);
			before = " ";
		}
		text_add(out, "' ;;\n");
	}
	text_add(out, "\tesac\n}\n");
}

static void add_operands(struct text *out)
{
	text_add(out, "\n_conrun_operand()\n{\n\tcase $1 in\n");
	for (const struct command *const *command = command_registry; *command; command++) {
		if (!(*command)->operands_most || !(*command)->operands)
			continue;
		text_addf(out, "\t%s)", (*command)->name);
		if ((*command)->operands_most != (size_t)-1)
			text_addf(out, " ((count < %zu)) || return;", (*command)->operands_most);
		add_place((*command)->operands, out);
	}
	text_add(out, "\tesac\n}\n");
}

static void add_name(const char *name, const char *help, void *context)
{
	(void)help;
	text_addf(context, " %s", name);
}

void completion_bash(struct text *out)
{
	text_add(out, helpers);
	text_add(out, "\n_conrun_commands='");
	words_commands(add_name, out);
	text_add(out, "'\n\n_conrun_is_command()\n{\n"
		      "\t[[ \" $_conrun_commands \" == *\" $1 \"* ]]\n}\n"
		      "\n_conrun_takes_value()\n{\n\tcase $1 in\n\t");
	completion_takers(" | ", out);
	text_add(out, ") ;;\n\t*) return 1 ;;\n\tesac\n}\n");
	add_values(out);
	add_options(out);
	add_operands(out);
	text_add(out, script);
}
