/* The tables of commands and options say all that help, completions and messages are made from. */
#include "commands/invocation.h"
#include "commands/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { HELP_MOST = 90 };

static void check_words(const char *words)
{
	assert_non_null(words);
	size_t length = strlen(words);
	assert_true(length > 0 && length <= HELP_MOST);
	assert_int_not_equal(words[length - 1], '.');
}

static void each_option_is_described(void **state)
{
	(void)state;
	uint64_t seen = 0, letters = 0;
	for (const struct flag_entry *entry = flag_table; entry->name; entry++) {
		assert_false(seen & FLAG_BIT(entry->flag));
		seen |= FLAG_BIT(entry->flag);
		check_words(entry->help);
		if (entry->letter) {
			assert_false(letters & UINT64_C(1) << (entry->letter - 'a'));
			letters |= UINT64_C(1) << (entry->letter - 'a');
		}
		if (!entry->argument)
			assert_true(!entry->choices && !entry->fallback && !entry->repeats);
	}
	assert_true(seen == FLAG_BIT(FLAG_COUNT) - 1);
}

/* Some command takes it, and where it takes a value that can be shown. */
static void each_option_belongs_somewhere(void **state)
{
	(void)state;
	for (const struct flag_entry *entry = flag_table; entry->name; entry++) {
		bool taken = entry->flag == FLAG_HELP || entry->flag == FLAG_VERSION;
		for (const struct command *const *command = command_registry; *command; command++) {
			if (!((*command)->flags & FLAG_BIT(entry->flag)))
				continue;
			taken = true;
			const char *const *choices = flag_choices(*command, entry->flag);
			if (entry->argument)
				assert_true(choices || entry->fallback || entry->example);
		}
		if (!taken)
			fail_msg("no command takes --%s", entry->name);
	}
}

static void each_command_is_described(void **state)
{
	(void)state;
	for (const struct command *const *command = command_registry; *command; command++) {
		const struct command *it = *command;
		check_words(it->summary);
		assert_ptr_equal(command_find(it->name), it);
		assert_null(strstr(it->usage, "--"));
		assert_true((it->operands_most > 0) == (*it->usage != '\0'));
		if (it->operands_most > 0 && it->operands == WORDS_UNSAID)
			fail_msg("what are the operands of 'conrun %s'?", it->name);
		assert_non_null(it->examples);
		for (const struct example *example = it->examples; example->line; example++) {
			assert_non_null(strstr(example->line, "conrun"));
			check_words(example->what);
		}
		for (const struct flag_use *use = it->uses; use && use->help; use++) {
			assert_true(it->flags & FLAG_BIT(use->flag));
			check_words(use->help);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_option_is_described),
		cmocka_unit_test(each_option_belongs_somewhere),
		cmocka_unit_test(each_command_is_described),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
