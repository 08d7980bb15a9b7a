/* The final table: which columns it has, which of them are worth a line of their own. */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include "report/added.h"
#include "report/columns.h"
#include "report/table.h"
#include "stats/summary.h"

#include <stdbool.h>

/*
 * Fills `table` with the first `rows` rows of the summary. Columns that say the same in every
 * row are hidden and said once, in words, in `constants`. `winners`: by row; may be NULL.
 */
void view_fill(struct table *table, const struct summary *summary, const struct added *added,
	uint32_t rows, const bool *winners, struct text *constants);

#endif
