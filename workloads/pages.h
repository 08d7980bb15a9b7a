/* Memory of one worker's own that a workload is about: mapped, and every page of it made, before
 * the clock runs. */
#ifndef WORKLOADS_PAGES_H
#define WORKLOADS_PAGES_H

#include "base/err.h"

#include <stddef.h>

enum pages_kind {
	PAGES_PRIVATE, /* a fork has a copy, of pages that are written to */
	PAGES_SHARED,  /* a fork has the same */
};

size_t pages_size(void); /* of one, in bytes */

/* Zeroed and of small pages, never huge ones. NULL: the error says what there was no room for. */
unsigned char *pages_map(size_t bytes, enum pages_kind kind, struct err *err);

/* Takes NULL. */
void pages_unmap(unsigned char *memory, size_t bytes);

#endif
