/* What this program was built from: for `conrun --version` and run.json. */
#ifndef REPORT_VERSIONS_H
#define REPORT_VERSIONS_H

#include "base/text.h"

#include <jansson.h>

struct part {
	const char *name;
	void (*version)(struct text *out);
};

/* All of them, by name. */
json_t *versions_json(void);

extern const struct part version_parts[]; /* ends with a part without a name */

#endif
