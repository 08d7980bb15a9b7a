/*
 * Plugins: shared objects with workloads, see workloads/plugin.h. They are loaded into the program
 * before a scenario is read; their workloads then stand in the registry behind all others. A worker
 * in a fresh image loads the one that its workload is from.
 *
 * Only while the program has one thread. What was loaded stays.
 */
#ifndef PLUGIN_PLUGIN_H
#define PLUGIN_PLUGIN_H

#include "base/err.h"
#include "workloads/workload.h"

#include <stddef.h>
#include <stdint.h>

struct plugin {
	const char *path; /* absolute, without links */
	uint64_t version; /* a hash of what the file holds */
};

/* Loads it, checks it and adds its workloads; one that is there already is not loaded again. On -1
 * none of its workloads was added. */
int plugin_load(const char *path, struct err *err);

/* Those that were loaded, in that order. */
const struct plugin *plugin_list(size_t *count);

/* table.c: can this workload's table be worked with, and is its name free? */
int table_check(const struct workload *workload, struct err *err);

#endif
