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

/* The plugins that were loaded: file and hash of each. */
json_t *versions_plugins_json(void);

extern const struct part version_parts[]; /* ends with a part without a name */

#endif
