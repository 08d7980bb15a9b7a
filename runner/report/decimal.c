#include "report/decimal.h"

#include <string.h>

/* Two digits at a time: half of the divisions (A. Alexandrescu, "Three Optimization Tips for C++",
 * 2012). */
static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

static void put_pair(char *to, uint32_t number)
{
	memcpy(to, pairs + 2 * (size_t)number, 2);
}

static char *put_three(char *to, uint32_t number)
{
	to[0] = (char)('0' + number / 100);
	put_pair(to + 1, number % 100);
	return to + 3;
}

char *decimal_count(char *to, uint64_t number)
{
	char digits[DECIMAL_MOST];
	char *first = digits + sizeof(digits);
	for (; number >= 100; number /= 100)
		put_pair(first -= 2, (uint32_t)(number % 100));
	if (number >= 10)
		put_pair(first -= 2, (uint32_t)number);
	else
		*--first = (char)('0' + number);
	size_t count = (size_t)(digits + sizeof(digits) - first);
	memcpy(to, first, count);
	return to + count;
}

char *decimal_seconds(char *to, uint64_t ns)
{
	uint32_t fraction = (uint32_t)(ns % 1000000000u);
	to = decimal_count(to, ns / 1000000000u);
	*to++ = '.';
	to = put_three(to, fraction / 1000000);
	to = put_three(to, fraction / 1000 % 1000);
	return put_three(to, fraction % 1000);
}

char *decimal_microseconds(char *to, uint64_t ns)
{
	to = decimal_count(to, ns / 1000);
	*to++ = '.';
	return put_three(to, (uint32_t)(ns % 1000));
}
