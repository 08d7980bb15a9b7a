/* The forms by their names; what is wrong with a value lists them. */
#include "commands/formats.h"

#include "base/text.h"
#include "report/xlsx.h"

#include <string.h>

static int place_of(const char *value, const char *flag, const char *const *allowed,
	const char *words, struct err *err)
{
	size_t count = 0;
	for (; allowed[count]; count++)
		if (strcmp(value, allowed[count]) == 0)
			return (int)count;
	const char *nearest = text_nearest(value, allowed, count);
	if (nearest)
		return err_set(err, "unknown value '%s' for '--%s'; did you mean '%s'?", value,
			flag, nearest);
	return err_set(err, "unknown value '%s' for '--%s'; allowed: %s", value, flag, words);
}

int formats_read(struct formats *formats, const struct invocation *invocation, struct err *err)
{
	static const char *const dialects[] = {
		[DIALECT_COMMA] = "comma", [DIALECT_SEMICOLON] = "semicolon", NULL};
	static const char *const names[] = {"xlsx", NULL};
	const char *format = invocation_value(invocation, FLAG_FORMAT);
	int dialect = place_of(invocation_value(invocation, FLAG_CSV_DIALECT), "csv-dialect",
		dialects, "comma, semicolon", err);
	if (dialect < 0 || (format && place_of(format, "format", names, "xlsx", err) < 0))
		return -1;
	*formats = (struct formats){(enum csv_dialect)dialect, format != NULL};
	return 0;
}

int formats_check(const struct invocation *invocation, struct err *err)
{
	struct formats formats;
	if (formats_read(&formats, invocation, err) != 0)
		return -1;
	return formats.xlsx ? xlsx_check(err) : 0;
}
