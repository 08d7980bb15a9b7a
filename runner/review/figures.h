/* Fields of a session's files as people read them. */
#ifndef REVIEW_FIGURES_H
#define REVIEW_FIGURES_H

#include "base/text.h"

/* What a number in a column of this name is: times, rates, bytes and shares get units. */
void figure_number(struct text *out, const char *column, double number);

/* A field: a number as above, anything else as it is; nothing for an empty one. */
void figure_field(struct text *out, const char *column, const char *field);

/* A field that a scenario gave, as it is written there: 5ms, 200/s, 64KiB. */
void figure_given(struct text *out, const char *column, const char *field);

/* A column's name without its unit: `duration_s` is a duration. */
void figure_name(struct text *out, const char *column);

#endif
