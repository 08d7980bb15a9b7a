#include "measure/cgroup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Is it one of these words with commas between them? No word is in a list of none. */
static bool lists(const char *words, size_t length, const char *word)
{
	size_t wanted = strlen(word);
	if (!length || !wanted)
		return length == wanted;
	for (const char *end = words + length; words < end; words++) {
		size_t part = strcspn(words, ",:");
		if (part == wanted && strncmp(words, word, wanted) == 0)
			return true;
		words += part;
	}
	return false;
}

bool cgroup_folder(const char *controller, struct text *folder)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char *line = NULL;
	size_t capacity = 0;
	bool found = false;
	while (file && !found && getline(&line, &capacity, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		char *words = strchr(line, ':'), *path = words ? strchr(words + 1, ':') : NULL;
		if (!path || !lists(words + 1, (size_t)(path - words - 1), controller))
			continue;
		text_addf(
			folder, CGROUP_ROOT "%s%s%s", *controller ? "/" : "", controller, path + 1);
		found = true;
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}
