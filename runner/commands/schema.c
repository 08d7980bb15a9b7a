/* `conrun schema`: the JSON Schema of scenarios, for editors. */
#include "scenario/schema.h"

#include "commands/command.h"

#include <stdio.h>

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	(void)invocation;
	(void)err;
	json_t *schema = schema_make();
	struct text text;
	text_init(&text);
	schema_format(schema, &text);
	fputs(text_get(&text), stdout);
	text_release(&text);
	json_decref(schema);
	return EXIT_OK;
}

static const struct example examples[] = {
	{"conrun schema > my.schema.json", "the file that a modeline names"},
	{0},
};

const struct command command_schema = {
	.name = "schema",
	.usage = "",
	.summary = "the JSON Schema of scenarios, for editors",
	.help = "Prints a JSON Schema (draft-07) of all that a scenario may say: with it an "
		"editor\n"
		"completes and checks while a scenario is written. conrun.schema.json, which "
		"comes\n"
		"with conrun, is this text. Editors that use yaml-language-server find it by a "
		"line\n"
		"at the top of the scenario, which 'conrun init' writes:\n"
		"\n"
		"  # yaml-language-server: $schema=conrun.schema.json\n",
	.examples = examples,
	.flags = FLAG_BIT(FLAG_PLUGIN),
	.run = run,
};
