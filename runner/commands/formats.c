/* The forms by their names; the command line has been checked against these. */
#include "commands/formats.h"

#include "report/xlsx.h"

#include <string.h>

const char *const format_dialects[] = {
	[DIALECT_COMMA] = "comma", [DIALECT_SEMICOLON] = "semicolon", NULL};
const char *const format_names[] = {"xlsx", NULL};

struct formats formats_read(const struct invocation *invocation)
{
	const char *dialect = invocation_value(invocation, FLAG_CSV_DIALECT);
	size_t place = 0;
	while (strcmp(dialect, format_dialects[place]) != 0)
		place++;
	return (struct formats){(enum csv_dialect)place, invocation_has(invocation, FLAG_FORMAT)};
}

int formats_check(const struct invocation *invocation, struct err *err)
{
	return formats_read(invocation).xlsx ? xlsx_check(err) : 0;
}
