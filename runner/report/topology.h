/* The processors as the kernel arranges them: sockets, cores, threads, memory nodes, caches, and
 * who governs their frequency. */
#ifndef REPORT_TOPOLOGY_H
#define REPORT_TOPOLOGY_H

#include <jansson.h>

json_t *topology_json(void);

/* What governs the CPUs' frequency; with ", " between them where they differ; null: unknown. */
json_t *governor_json(void);

#endif
