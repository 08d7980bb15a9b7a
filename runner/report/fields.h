/*
 * The columns of one plan's summary by name, with what hooks added behind them: what scripts see
 * of a row. Text is never unknown, only empty; a figure that is unknown is no value.
 */
#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include "report/added.h"
#include "report/columns.h"

#include <stdbool.h>
#include <stddef.h>

struct field { /* one of the four */
	const char *name;
	const struct column *column;
	const struct sweep *sweep;
	const struct metric *metric;
	size_t added; /* its place among those, if it is none of the others */
};

struct fields {
	const struct plan *plan;
	const struct added *added;
	struct columns columns;
	struct field *items; /* in the order of summary.csv */
	size_t count, capacity;
};

enum { FIELD_NONE = -1 };

/* `added` must live as long; call fields_update when it has got more columns. */
void fields_init(struct fields *fields, const struct plan *plan, const struct added *added);
void fields_update(struct fields *fields);
void fields_release(struct fields *fields);

/* The place of a name, or FIELD_NONE. */
int fields_find(const struct fields *fields, const char *name);

/* Of which kind its values are; false: only the rows tell. */
bool fields_kind(const struct fields *fields, size_t at, enum datum_kind *kind);

/* The value as CSV has it, but for quotes; "" where it is unknown. `out` is cleared first. */
enum datum_kind fields_get(
	const struct fields *fields, size_t at, const struct summary_row *row, struct text *out);

#endif
