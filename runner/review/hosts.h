/*
 * Were two sessions measured on the same machine? Times of different ones say nothing about what
 * was changed between them. What run.json has of the machine is told apart by what it means: a
 * different processor is a different machine, a different kernel is worth knowing.
 */
#ifndef REVIEW_HOSTS_H
#define REVIEW_HOSTS_H

#include "base/text.h"

#include <jansson.h>

/*
 * Adds what differs as words, `kernel 6.1 → 6.8`, with ", " between them: to `machines` what
 * makes them different machines, to `others` the rest. What is unknown on a side does not differ.
 */
void hosts_compare(const json_t *a, const json_t *b, struct text *machines, struct text *others);

#endif
