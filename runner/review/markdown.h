/* A session as Markdown: the answer and the tables, for a README or an issue. */
#ifndef REVIEW_MARKDOWN_H
#define REVIEW_MARKDOWN_H

#include "base/text.h"
#include "review/results.h"

void markdown_write(const struct results *results, struct text *out);

#endif
