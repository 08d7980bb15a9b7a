/* What `conrun list` shows that is neither a workload nor an executor. */
#ifndef COMMANDS_LIST_H
#define COMMANDS_LIST_H

#include "base/text.h"

struct list_topic {
	const char *name, *help; /* a NULL name ends the table */
	void (*add)(struct text *out);
};

extern const struct list_topic list_topics[];

#endif
