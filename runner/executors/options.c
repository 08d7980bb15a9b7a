#include "executors/options.h"

#include <limits.h>
#include <unistd.h>

const char *const pin_choices[] = {"none", "compact", "spread", NULL};

int stack_attributes(pthread_attr_t *attributes, int64_t stack_bytes, struct err *err)
{
	pthread_attr_init(attributes);
	if (stack_bytes == 0)
		return 0;
	int64_t least = PTHREAD_STACK_MIN, page = sysconf(_SC_PAGESIZE);
	if (stack_bytes < least)
		stack_bytes = least;
	stack_bytes = (stack_bytes + page - 1) / page * page;
	int failed = pthread_attr_setstacksize(attributes, (size_t)stack_bytes);
	return failed ? err_errno(err, failed, "cannot give threads a stack of %lld bytes",
				(long long)stack_bytes)
		      : 0;
}
