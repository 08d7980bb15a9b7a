/* Points in time as text: always UTC, always sortable. */
#ifndef REPORT_UTC_H
#define REPORT_UTC_H

#include "base/text.h"

#include <stdint.h>

enum utc_form {
	UTC_MILLISECONDS, /* 2026-11-21T19:54:56.123Z, as ISO 8601 has it */
	UTC_FOLDER,       /* 2026-11-21T19-54-56Z: no colon, which some file systems refuse */
};

uint64_t utc_now_ns(void); /* since 1970, CLOCK_REALTIME */
void utc_format(uint64_t unix_ns, enum utc_form form, struct text *out);

#endif
