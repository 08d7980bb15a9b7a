/* The dictionary of columns as Markdown: what results/README.md holds. */
#ifndef REPORT_DICTIONARY_H
#define REPORT_DICTIONARY_H

#include "base/text.h"

void dictionary_print(struct text *out);

#endif
