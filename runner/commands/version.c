/* `conrun version`: conrun, its libraries and how it was built, a line each. */
#include "base/text.h"
#include "commands/command.h"
#include "report/versions.h"

#include <stdio.h>

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	(void)invocation;
	(void)err;
	struct text version;
	text_init(&version);
	for (const struct part *part = version_parts; part->name; part++) {
		text_clear(&version);
		part->version(&version);
		printf("%s%s %s\n", part == version_parts ? "" : "  ", part->name,
			text_get(&version));
	}
	text_release(&version);
	return EXIT_OK;
}

static const struct example examples[] = {
	{"conrun version", "what to say in a report of a fault"},
	{NULL, NULL},
};

const struct command command_version = {
	.name = "version",
	.usage = "",
	.summary = "versions of conrun and its libraries",
	.help = "",
	.examples = examples,
	.run = run,
};
