#include "base/naming.h"

#include <string.h>

const char *const naming_keys[] = {"type", "script", "workload", "executor", "workers", "tasks",
	"runtime", "rate", "arrival", NULL};

bool naming_is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz_0123456789";
	size_t length = strlen(name);
	return length > 0 && length <= NAMING_MOST_BYTES && strspn(name, letters) == length &&
	       !(*name >= '0' && *name <= '9');
}

bool naming_is_among(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}
