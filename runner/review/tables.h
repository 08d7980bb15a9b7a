/* The tables that a session is shown in, a row for each experiment, as words and figures. */
#ifndef REVIEW_TABLES_H
#define REVIEW_TABLES_H

#include "report/table.h"
#include "review/results.h"

enum { TABLES_MOST = 4 };

struct shown_table {
	const char *title, *note; /* what it holds, how it is to be read */
	struct table table;
	size_t names;         /* how many of its columns say which experiment it is */
	struct text constant; /* what is the same in all rows, in words; "" if nothing */
};

/* Those that have something to show; how many. The first `rows` experiments. */
size_t tables_make(
	struct shown_table tables[TABLES_MOST], const struct results *results, size_t rows);
void tables_release(struct shown_table *tables, size_t count);

#endif
