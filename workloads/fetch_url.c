#include "workloads/fetch.h"

#include <string.h>
#include <strings.h>

/* The scheme's length with its "://"; 0: another one, or none. */
static size_t scheme_length(const char *url)
{
	static const char *const schemes[] = {"http://", "https://"};
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return strlen(schemes[i]);
	return 0;
}

int fetch_check_url(const char *url, struct err *err)
{
	size_t scheme = scheme_length(url);
	for (const char *at = url; *at; at++)
		if ((unsigned char)*at <= ' ' || *at == 0x7f)
			return err_set(err,
				"a URL has no spaces or control characters; write %%20 for a "
				"space");
	if (!scheme)
		return err_set(err, "'%s' is not a URL of http:// or https://", url);
	if (strcspn(url + scheme, "/?#") == 0)
		return err_set(err, "'%s' names no host", url);
	return 0;
}
