/*
 * Scripts with which a shell completes conrun's command line, made from the tables of commands and
 * options. One file a shell; what they share is here.
 */
#ifndef COMMANDS_COMPLETION_H
#define COMMANDS_COMPLETION_H

#include "base/text.h"
#include "commands/command.h"
#include "commands/invocation.h"

extern const char *const completion_shells[]; /* NULL-terminated */

/* The script for one of these. */
void completion_add(const char *shell, struct text *out);

void completion_bash(struct text *out);
void completion_zsh(struct text *out);
void completion_fish(struct text *out);

/* `-o|--output|--figure`: the options that take a value, with `between` between them. */
void completion_takers(const char *between, struct text *out);

/* The words of a place or of an option's choices, with blanks between them. */
void completion_words(enum words place, struct text *out);
void completion_choices(const char *const *choices, struct text *out);

#endif
