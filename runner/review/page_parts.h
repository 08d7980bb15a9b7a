/* The parts of the page, from the top down; each adds a section, or nothing. */
#ifndef REVIEW_PAGE_PARTS_H
#define REVIEW_PAGE_PARTS_H

#include "base/text.h"
#include "review/results.h"

void page_style(struct text *out);
void page_answer(const struct results *results, struct text *out);
void page_expectations(const struct results *results, struct text *out);
void page_charts(const struct results *results, struct text *out);
void page_tables(const struct results *results, struct text *out);
void page_problems(const struct results *results, struct text *out);
void page_machine(const struct results *results, struct text *out);
void page_again(const struct results *results, struct text *out);

/* ---- what several parts ask ---- */

/* A text of run.json by its path of keys, NULL behind the last; "" where it is not there. */
const char *page_text(const json_t *json, const char *const *path);

/* Of run.json; NULL where it is not there. */
const json_t *page_outcome(const struct results *results);

void page_section(struct text *out, const char *id, const char *title);

#endif
