/*
 * Reads a CSV file as a whole. A summary in the semicolon dialect reads as if it were written in
 * the other: a figure has a point again.
 */
#ifndef REPORT_CSV_READ_H
#define REPORT_CSV_READ_H

#include "base/err.h"
#include "base/memory.h"
#include "report/csv.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { CSV_MOST_BYTES = 64 * 1024 * 1024 };

struct csv_table {
	size_t width, row_count;   /* rows without the header */
	const char *const *fields; /* row by row, the header first; in the arena */
};

bool csv_exists(const char *path);

/* The dialect of conrun's files, by their first column; a file that begins otherwise has commas.
 * The file is at its start before and after. */
enum csv_dialect csv_dialect_of(FILE *file);

/* Makes a field that is a number with a decimal comma one with a point. */
void csv_point(char *field, size_t length);

/* Every row must be as wide as the header; 64 MiB are the most. */
int csv_read(struct csv_table *table, const char *path, struct arena *arena, struct err *err);

#endif
