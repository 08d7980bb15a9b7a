/*
 * Files that people hand on do not say who they are. The home folder becomes `~`; in any other path
 * the name behind /home/ or /Users/, and a folder that is called as the user is, become `USER`.
 */
#ifndef REPORT_ANONYMOUS_H
#define REPORT_ANONYMOUS_H

#include "base/text.h"

#include <jansson.h>

/* Adds `from`, changed so. Who the user is, is asked of HOME, USER and LOGNAME. */
void anonymous_add(struct text *out, const char *from);

/* Changes every text in it; not the names of its members. */
void anonymous_json(json_t *json);

#endif
