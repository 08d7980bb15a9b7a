#include "commands/completion.h"

#include "commands/words.h"

#include <string.h>

const char *const completion_shells[] = {"bash", "zsh", "fish", NULL};

void completion_add(const char *shell, struct text *out)
{
	static void (*const adders[])(struct text * out) = {
		completion_bash, completion_zsh, completion_fish};
	for (size_t i = 0; completion_shells[i]; i++)
		if (strcmp(shell, completion_shells[i]) == 0)
			adders[i](out);
}

void completion_takers(const char *between, struct text *out)
{
	const char *before = "";
	for (const struct flag_entry *entry = flag_table; entry->name; entry++) {
		if (!entry->argument)
			continue;
		if (entry->letter)
			text_addf(out, "%s-%c", before, entry->letter);
		text_addf(out, "%s--%s", entry->letter ? between : before, entry->name);
		before = between;
	}
}

static void add_word(const char *word, const char *help, void *context)
{
	struct text *out = context;
	(void)help;
	text_addf(out, "%s%s", out->bytes[out->length - 1] == '\'' ? "" : " ", word);
}

/* Both follow a quote. */
void completion_words(enum words place, struct text *out)
{
	if (words_places[place].each)
		words_places[place].each(add_word, out);
}

void completion_choices(const char *const *choices, struct text *out)
{
	for (; *choices; choices++)
		add_word(*choices, NULL, out);
}
