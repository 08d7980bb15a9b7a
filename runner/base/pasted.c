#include "base/pasted.h"

#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=:,./@%";
	return *word && word[strspn(word, plain)] == '\0';
}

const char *pasted_program(void)
{
	const char *given = getenv("CONRUN_AS");
	return given && is_plain(given) ? given : "conrun";
}

void pasted_word(const char *word, struct text *out)
{
	if (is_plain(word)) {
		text_add(out, word);
		return;
	}
	text_add(out, "'");
	for (; *word; word++)
		if (*word == '\'')
			text_add(out, "'\\''");
		else
			text_add_bytes(out, word, 1);
	text_add(out, "'");
}
