#include "base/program.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_program(const char *path)
{
	struct stat file;
	return stat(path, &file) == 0 && S_ISREG(file.st_mode) && access(path, X_OK) == 0;
}

/* As execvp(3) looks for it: an empty folder is the current one. */
bool program_on_path(const char *name)
{
	const char *at = getenv("PATH");
	struct text path;
	bool found = false;
	text_init(&path);
	for (at = at ? at : "/bin:/usr/bin"; at && !found; at = strchr(at, ':')) {
		at += *at == ':';
		int length = (int)strcspn(at, ":");
		text_clear(&path);
		text_addf(&path, "%.*s%s/%s", length, at, length ? "" : ".", name);
		found = is_program(text_get(&path));
	}
	text_release(&path);
	return found;
}
