/* Manual pages, made from the tables that the program itself works by. */
#ifndef COMMANDS_MAN_H
#define COMMANDS_MAN_H

#include "base/text.h"

extern const char *const man_sections[]; /* NULL-terminated */

/* The page of a section: "1" is conrun(1), "5" is conrun-scenario(5). */
void man_add(const char *section, struct text *out);

#endif
