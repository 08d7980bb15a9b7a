/* Reads a CSV file as a whole. */
#ifndef REPORT_CSV_READ_H
#define REPORT_CSV_READ_H

#include "base/err.h"
#include "base/memory.h"

#include <stdbool.h>
#include <stddef.h>

enum { CSV_MOST_BYTES = 64 * 1024 * 1024 };

struct csv_table {
	size_t width, row_count;   /* rows without the header */
	const char *const *fields; /* row by row, the header first; in the arena */
};

bool csv_exists(const char *path);

/* Every row must be as wide as the header; 64 MiB are the most. */
int csv_read(struct csv_table *table, const char *path, struct arena *arena, struct err *err);

#endif
