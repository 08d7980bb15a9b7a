/*
 * Rows of CSV after RFC 4180: fields are quoted only where they must be, lines end in CRLF.
 * A row is put together in memory, so that it can be written as a whole. The semicolon dialect is
 * what spreadsheets read where the comma is the decimal sign.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum csv_dialect {
	DIALECT_COMMA,     /* `,` between fields, `.` in numbers */
	DIALECT_SEMICOLON, /* `;` between fields, `,` in numbers */
};

struct csv_row {
	struct text line;         /* with its line end, once csv_row_end was called */
	bool begun;               /* the row has a field */
	enum csv_dialect dialect; /* the comma's, unless the caller says otherwise */
};

void csv_row_init(struct csv_row *csv);
void csv_row_release(struct csv_row *csv);
void csv_row_clear(struct csv_row *csv); /* for the next row */

/* A plain decimal number, as conrun writes it: a sign, digits, a point and digits. */
bool csv_is_number(const char *field);

/* The mark in front of what a spreadsheet would take for a formula; "" where there is none. */
const char *csv_formula_guard(const char *text);

/* A number, a time or a word of conrun's own; a number gets the dialect's decimal sign. */
void csv_row_field(struct csv_row *csv, const char *field);

/*
 * Text from outside. Made well-formed UTF-8; where a spreadsheet would take it for a formula
 * (https://owasp.org/www-community/attacks/CSV_Injection) it gets an apostrophe in front.
 */
void csv_row_text(struct csv_row *csv, const char *field);

void csv_row_end(struct csv_row *csv);

/* Nanoseconds as seconds: exact, without trailing zeros. */
void csv_seconds(struct text *out, uint64_t ns);

/* A ratio or a rate with 9 significant digits: more would only look exact. No exponent. */
void csv_ratio(struct text *out, double ratio);

#endif
