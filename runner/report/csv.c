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

static void add(struct csv_row *csv, const char *prefix, const char *field)
{
	if (csv->begun)
		text_add(&csv->line, ",");
	csv->begun = true;
	if (!*prefix && !strpbrk(field, ",\"\r\n")) {
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

void csv_row_field(struct csv_row *csv, const char *field)
{
	add(csv, "", field);
}

void csv_row_text(struct csv_row *csv, const char *field)
{
	struct text text;
	text_init(&text);
	utf8_add(&text, field);
	const char *clean = text_get(&text);
	bool formula = *clean && strchr("=+-@\t\r", *clean);
	add(csv, formula ? "'" : "", clean);
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
