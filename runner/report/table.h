/*
 * A table of text for a terminal. Columns are aligned — numbers at their units — empty ones are
 * left out, and where the terminal is too narrow the least important go first.
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_ALWAYS = 100 }; /* never dropped, only cut */

struct table_column {
	const char *title; /* borrowed */
	int keep;          /* the smallest is dropped first; TABLE_ALWAYS: never */
	bool left;         /* words, aligned left; else numbers */
	bool hidden;       /* set by the caller or by table_print */
};

enum table_style { TABLE_PLAIN, TABLE_BOLD, TABLE_RED };

struct table {
	struct arena arena;
	struct table_column *columns;
	size_t column_count, column_capacity;
	struct table_cell *cells; /* row by row */
	size_t cell_count, cell_capacity;
};

void table_init(struct table *table);
void table_release(struct table *table);

/* All columns first, then the cells of each row in the same order. The text is copied. */
void table_column(struct table *table, const char *title, int keep, bool left);
void table_cell(struct table *table, const char *text, enum table_style style);

size_t table_rows(const struct table *table);
const char *table_text(const struct table *table, size_t row, size_t column);
enum table_style table_style_at(const struct table *table, size_t row, size_t column);

/* The text that all cells of a column share, or NULL. */
const char *table_constant(const struct table *table, size_t column);

/* The same as a table of Markdown (GitHub's), as wide as it is; empty columns are left out. */
void table_markdown(const struct table *table, struct text *out);

void table_print(struct table *table, size_t width, bool colour, struct text *out);

#endif
