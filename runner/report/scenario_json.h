/* A checked scenario as JSON, with every default filled in. */
#ifndef REPORT_SCENARIO_JSON_H
#define REPORT_SCENARIO_JSON_H

#include "scenario/scenario.h"

#include <jansson.h>

json_t *scenario_json(const struct scenario *scenario); /* a new reference */

/* What the command line asked of it: sets, filters, quick. */
json_t *asked_json(const struct scenario *scenario);

#endif
