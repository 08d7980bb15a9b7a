/* Rows whose figures something disturbed. */
#ifndef REPORT_DISTURBED_H
#define REPORT_DISTURBED_H

#include "base/text.h"
#include "stats/summary.h"

/* A line that names what disturbed how many rows, which, and what helps; nothing if all is calm:
 * `noise: busy in 3 of 12 rows (wait · process ×2, …); close other programs` */
void disturbed_text(const struct summary *summary, struct text *out);

#endif
