#include "script/slips.h"

#include "base/option.h"
#include "script/scan.h"

#include <string.h>

/* Those that are right end the search for longer ones' beginnings. */
static const struct {
	const char *written, *meant; /* NULL: it is right */
} operators[] = {
	{"==", NULL},
	{"<=", NULL},
	{">=", NULL},
	{"~=", NULL},
	{"!=", "~="},
	{"<>", "~="},
	{"=>", ">="},
	{"=<", "<="},
	{"&&", "and"},
	{"||", "or"},
	{"=", "=="},
	{"!", "not"},
};

/* The length of an operator; what is wrong with it goes to `advice`. 0: none of them. */
static size_t check_operator(const char *at, struct text *advice)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		size_t length = strlen(operators[i].written);
		if (strncmp(at, operators[i].written, length))
			continue;
		if (operators[i].meant)
			text_addf(advice, "write %s instead of %s", operators[i].meant,
				operators[i].written);
		return length;
	}
	return 0;
}

static const struct {
	struct option option;
	const char *columns;
} units[] = {
	{{.type = OPTION_DURATION}, "seconds"},
	{{.type = OPTION_SIZE}, "bytes"},
	{{.type = OPTION_PERCENT}, "shares of 1"},
};

static void check_quantity(const char *at, size_t length, struct text *advice)
{
	char word[64];
	union value value;
	struct err err;
	if (length >= sizeof(word))
		return;
	memcpy(word, at, length);
	word[length] = '\0';
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (option_parse(&units[i].option, word, NULL, &value, &err))
			continue;
		text_addf(advice, "columns are in %s: write ", units[i].columns);
		option_csv(&units[i].option, value, advice);
		text_addf(advice, " instead of %s", word);
		return;
	}
}

/* A number with all that belongs to it: `5ms`, or `5%` where nothing is divided. */
static size_t quantity_length(const char *at, size_t number)
{
	if (at[number] != '%')
		return number;
	char next = at[number + 1];
	return number + (!next || strchr(" \t\n)<>=~", next));
}

bool slips_find(const char *expression, struct text *advice)
{
	for (size_t length; *expression && !advice->length; expression += length) {
		enum scan_kind kind;
		length = check_operator(expression, advice);
		if (length)
			continue;
		length = scan_next(expression, &kind);
		size_t number = strspn(expression, "0123456789.");
		if (kind == SCAN_NUMBER)
			length = quantity_length(expression, length);
		if (kind == SCAN_NUMBER && length > number)
			check_quantity(expression, length, advice);
	}
	return advice->length > 0;
}
