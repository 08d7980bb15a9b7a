/* What a user is to paste into a shell: the program as he calls it, and words that the shell leaves
 * as they are. */
#ifndef BASE_PASTED_H
#define BASE_PASTED_H

#include "base/text.h"

/* "conrun", or what the wrapper of a checkout says that it was called by: "./conrun". */
const char *pasted_program(void);

/* In quotes where it must be. */
void pasted_word(const char *word, struct text *out);

#endif
