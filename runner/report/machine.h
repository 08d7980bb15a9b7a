/* Facts about this machine that a figure depends on. */
#ifndef REPORT_MACHINE_H
#define REPORT_MACHINE_H

#include "base/text.h"

#include <jansson.h>

/* A new reference: kernel, CPU, memory and limits. */
json_t *machine_json(void);

#endif
