#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	return -1;
}

int err_errno(struct err *err, int errno_value, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(err->text, sizeof(err->text), format, args);
	va_end(args);
	size_t used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, ": %s", strerror(errno_value));
	return -1;
}

int err_prefix(struct err *err, const char *format, ...)
{
	char prefix[sizeof(err->text)];
	va_list args;
	va_start(args, format);
	vsnprintf(prefix, sizeof(prefix), format, args);
	va_end(args);

	struct err inner = *err;
	size_t used = strlen(prefix);
	memcpy(err->text, prefix, used + 1);
	snprintf(err->text + used, sizeof(err->text) - used, "%s", inner.text);
	return -1;
}

int err_remedy(struct err *err, const char *format, ...)
{
	size_t used = strlen(err->text);
	snprintf(err->text + used, sizeof(err->text) - used, "; ");
	used = strlen(err->text);
	va_list args;
	va_start(args, format);
	vsnprintf(err->text + used, sizeof(err->text) - used, format, args);
	va_end(args);
	return -1;
}
