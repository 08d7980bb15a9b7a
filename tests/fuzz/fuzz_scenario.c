/*
 * Any bytes as a scenario: never a crash, a leak or a hang. Comments at its top say what the
 * command line asks of it: `#--set workers=[1,8]`, `#--filter workers>1`, `#--quick`.
 */
#include "scenario/scenario.h"
#include "script/expr.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	expr_install();
	/* Nobody reads the problems of a million inputs. Only the stream changes, which glibc
	 * allows: the sanitizers go on writing to the descriptor. */
	stderr = fopen("/dev/null", "w");
	return stderr ? 0 : -1;
}

enum { ASKED_MOST = 8 };

struct asked {
	const char *sets[ASKED_MOST], *filters[ASKED_MOST];
	struct reading reading;
};

/* One line of the text; false if it asks for nothing. */
static bool ask(struct asked *asked, const char *line)
{
	struct reading *reading = &asked->reading;
	if (!strncmp(line, "#--set ", 7) && reading->set_count < ASKED_MOST)
		asked->sets[reading->set_count++] = line + 7;
	else if (!strncmp(line, "#--filter ", 10) && reading->filter_count < ASKED_MOST)
		asked->filters[reading->filter_count++] = line + 10;
	else if (!strcmp(line, "#--quick"))
		reading->quick = true;
	else if (!strcmp(line, "#--several"))
		reading->several = true;
	else
		return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scenario scenario;
	struct asked asked = {.reading = {.quick = false}};
	char *lines = malloc(size + 1), *line = lines, *end;
	asked.reading.sets = asked.sets;
	asked.reading.filters = asked.filters;
	memcpy(lines, data, size);
	lines[size] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		if (!ask(&asked, line))
			break;
		line = end + 1;
	}
	if (scenario_parse(&scenario, "fuzz.yaml", (const char *)data, size, &asked.reading) == 0)
		scenario_release(&scenario);
	free(lines);
	return 0;
}
