/* UTC time as text. */
#include "report/utc.h"

#include <time.h>

uint64_t utc_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void utc_format(uint64_t unix_ns, enum utc_form form, struct text *out)
{
	time_t seconds = (time_t)(unix_ns / 1000000000u);
	struct tm utc;
	char stamp[32];
	gmtime_r(&seconds, &utc);
	strftime(stamp, sizeof(stamp),
		form == UTC_FOLDER ? "%Y-%m-%dT%H-%M-%S" : "%Y-%m-%dT%H:%M:%S", &utc);
	text_add(out, stamp);
	if (form == UTC_MILLISECONDS)
		text_addf(out, ".%03u", (unsigned)(unix_ns / 1000000u % 1000u));
	text_add(out, "Z");
}
