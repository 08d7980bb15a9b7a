/* CSV: quoting, and numbers as every spreadsheet reads them. */
#include "report/csv.h"

#include "base/option.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

void csv_row_init(struct csv_row *csv)
{
	text_init(&csv->line);
	csv->begun = false;
	csv->dialect = DIALECT_COMMA;
}

void csv_row_release(struct csv_row *csv)
{
	text_release(&csv->line);
}

void csv_row_clear(struct csv_row *csv)
{
	text_clear(&csv->line);
	csv->begun = false;
}

static void begin_field(struct csv_row *csv)
{
	if (csv->begun)
		text_add(&csv->line, csv->dialect == DIALECT_SEMICOLON ? ";" : ",");
	csv->begun = true;
}

static void add(struct csv_row *csv, const char *prefix, const char *field)
{
	const char *special = csv->dialect == DIALECT_SEMICOLON ? ";\"\r\n" : ",\"\r\n";
	begin_field(csv);
	if (!*prefix && !strpbrk(field, special)) {
		text_add(&csv->line, field);
		return;
	}
	text_add(&csv->line, "\"");
	text_add(&csv->line, prefix);
	for (const char *quote; (quote = strchr(field, '"')); field = quote + 1) {
		text_add_bytes(&csv->line, field, (size_t)(quote - field));
		text_add(&csv->line, "\"\"");
	}
	text_add(&csv->line, field);
	text_add(&csv->line, "\"");
}

bool csv_is_number(const char *field)
{
	static const char digits[] = "0123456789";
	field += *field == '-';
	size_t whole = strspn(field, digits);
	field += whole;
	if (*field == '.') {
		size_t fraction = strspn(field + 1, digits);
		field += fraction ? fraction + 1 : 0;
	}
	return whole && !*field;
}

void csv_row_field(struct csv_row *csv, const char *field)
{
	const char *point = strchr(field, '.');
	if (csv->dialect != DIALECT_SEMICOLON || !point || !csv_is_number(field)) {
		add(csv, "", field);
		return;
	}
	begin_field(csv);
	text_add_bytes(&csv->line, field, (size_t)(point - field));
	text_addf(&csv->line, ",%s", point + 1);
}

const char *csv_formula_guard(const char *text)
{
	return *text && strchr("=+-@\t\r", *text) ? "'" : "";
}

void csv_row_text(struct csv_row *csv, const char *field)
{
	struct text text;
	text_init(&text);
	utf8_add(&text, field);
	const char *clean = text_get(&text);
	add(csv, csv_formula_guard(clean), clean);
	text_release(&text);
}

void csv_row_end(struct csv_row *csv)
{
	text_add(&csv->line, "\r\n");
}

void csv_seconds(struct text *out, uint64_t ns)
{
	text_addf(out, "%" PRIu64, ns / 1000000000u);
	unsigned fraction = (unsigned)(ns % 1000000000u);
	if (fraction == 0)
		return;
	int digits = 9;
	for (; fraction % 10 == 0; fraction /= 10)
		digits--;
	text_addf(out, ".%0*u", digits, fraction);
}

void csv_ratio(struct text *out, double ratio)
{
	double scale = 1;
	if (ratio != 0 && isfinite(ratio))
		scale = pow(10, 8 - floor(log10(fabs(ratio))));
	double rounded = round(ratio * scale) / scale;
	option_format_number(isfinite(rounded) ? rounded : ratio, out);
}
