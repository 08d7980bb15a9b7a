/* The columns that hooks add to a plan's own, and their cells, by experiment. */
#ifndef REPORT_ADDED_H
#define REPORT_ADDED_H

#include "base/memory.h"
#include "script/datum.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct added_column {
	const char *name, *help; /* help: "" if none */
	bool words;              /* a cell holds text */
};

struct added_cell {
	enum datum_kind kind;
	const char *text; /* NULL or "": unknown */
};

struct added {
	struct arena arena; /* of the texts */
	struct added_column *columns;
	size_t count, capacity;
	struct added_cell *cells; /* row by row, once all columns are known */
};

void added_init(struct added *added);
void added_release(struct added *added);

/* Columns first; then room for the cells, all unknown; then the cells. Texts are copied. */
void added_column(struct added *added, const char *name, const char *help);
void added_rows(struct added *added, uint32_t rows);
void added_set(
	struct added *added, uint32_t row, size_t column, enum datum_kind kind, const char *text);

/* The cell's text is never NULL. */
struct added_cell added_get(const struct added *added, uint32_t row, size_t column);

#endif
