/* Figures for people: three or four significant digits and a unit that fits. */
#ifndef REPORT_HUMAN_H
#define REPORT_HUMAN_H

#include "base/text.h"

#include <stdint.h>

void human_seconds(struct text *out, double seconds, int digits); /* 1.016 s, 12.3 µs */
void human_rate(struct text *out, double per_s);                  /* 31.2 M/s */
void human_bytes(struct text *out, double bytes);                 /* 3.41 MiB */
void human_number(struct text *out, double number, int digits);   /* 984, 12.3, 0.0123 */
void human_count(struct text *out, double count);                 /* 12345, 31.2 M */
void human_span(struct text *out, uint64_t ns);                   /* 2h 5m, 1m 32s, 0.6s */

#endif
