/* Lines, numbers and lists of /proc and /sys. */
#include "report/probe.h"

#include "report/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool probe_line(const char *path, const char *start, struct text *out)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t capacity = 0, length = strlen(start);
	bool found = false;
	while (file && !found && getline(&line, &capacity, file) > 0)
		if ((found = strncmp(line, start, length) == 0)) {
			line[strcspn(line, "\n")] = '\0';
			text_add(out, line + length + strspn(line + length, " \t:"));
		}
	free(line);
	if (file)
		fclose(file);
	return found;
}

json_t *probe_line_json(const char *path, const char *start)
{
	struct text line;
	text_init(&line);
	json_t *json = probe_line(path, start, &line) ? utf8_json(text_get(&line)) : json_null();
	text_release(&line);
	return json;
}

json_t *probe_number_json(const char *path)
{
	struct text line;
	char *end = NULL;
	text_init(&line);
	json_t *json = json_null();
	if (probe_line(path, "", &line)) {
		long long number = strtoll(text_get(&line), &end, 10);
		json = end == text_get(&line) ? json_null() : json_integer(number);
	}
	text_release(&line);
	return json;
}

/* "from-to" or one number, up to the comma. */
static const char *take_range(const char *list, long *from, long *to)
{
	char *end;
	*from = *to = strtol(list, &end, 10);
	if (end == list)
		return NULL;
	if (*end == '-')
		*to = strtol(end + 1, &end, 10);
	return *end == ',' ? end + 1 : end;
}

bool probe_next(const char *list, long *at)
{
	long from, to;
	while (list && *list) {
		list = take_range(list, &from, &to);
		if (!list || *at >= to)
			continue;
		*at = *at < from ? from : *at + 1;
		return true;
	}
	return false;
}
