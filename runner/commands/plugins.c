#include "commands/plugins.h"

#include "base/text.h"
#include "plugin/plugin.h"

#include <stdlib.h>
#include <string.h>

static int load_listed(const char *paths, struct err *err)
{
	struct text path;
	int failed = 0;
	text_init(&path);
	while (*paths && !failed) {
		size_t length = strcspn(paths, ":");
		text_clear(&path);
		text_add_bytes(&path, paths, length);
		if (length)
			failed = plugin_load(text_get(&path), err);
		paths += length + (paths[length] == ':');
	}
	text_release(&path);
	return failed ? err_prefix(err, "CONRUN_PLUGINS: ") : 0;
}

int plugins_load(const struct invocation *invocation, struct err *err)
{
	const char *listed = getenv("CONRUN_PLUGINS");
	if (!(invocation->command->flags & FLAG_BIT(FLAG_PLUGIN)))
		return 0;
	if (listed && load_listed(listed, err) != 0)
		return -1;
	for (size_t i = 0; i < invocation->given_count; i++)
		if (invocation->given[i].flag == FLAG_PLUGIN &&
			plugin_load(invocation->given[i].value, err) != 0)
			return -1;
	return 0;
}
