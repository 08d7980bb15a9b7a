/*
 * A plugin is a shared object with workloads of its own, built outside conrun and loaded by
 * `--plugin FILE.so`. Its source includes this header, defines its workloads as workload.h says,
 * and names them:
 *
 *     static const struct workload collatz = {.name = "collatz", …};
 *
 *     const struct conrun_plugin conrun_plugin = {
 *             .abi = CONRUN_ABI,
 *             .workloads = {&collatz},
 *     };
 *
 *     cc -std=gnu17 -O2 -fPIC -shared $(pkg-config --cflags conrun) collatz.c -o collatz.so
 *     conrun --plugin ./collatz.so mine.yaml
 *
 * A run of such a workload is like any other: a process of its own that a crash ends alone. The
 * plugin is loaded into the program as well, which reads its tables and calls `check`, `needs`,
 * `known_ns` and, for `conrun list`, `supported` there: these must be right, and the object must
 * start nothing as it is loaded; what starts threads belongs into `setup`. With `start: spawn` each
 * worker loads it anew.
 *
 * It may call what workload.h, err.h, memory.h, option.h and text.h declare for it, and libuv in
 * an asynchronous task; it is linked with none of these, for they are in the program already.
 * `group`, `opens_libraries` and `plugin` are set as it is loaded; `open` and `source` stay empty.
 */
#ifndef WORKLOADS_PLUGIN_H
#define WORKLOADS_PLUGIN_H

#include "base/err.h"
#include "base/memory.h"
#include "base/option.h"
#include "base/text.h"
#include "workloads/workload.h"

#include <stdint.h>

/* What the two sides must agree on. A plugin for another ABI is refused and must be built again. */
struct conrun_abi {
	uint32_t number; /* raised where a meaning changes and sizes do not show it */
	uint32_t workload_bytes, option_bytes, metric_bytes, needs_bytes;
	uint32_t job_bytes, worker_bytes, call_bytes, err_bytes;
	uint32_t value_bytes, list_bytes, text_bytes, arena_bytes;
};

#define CONRUN_ABI                                                                                 \
	{                                                                                          \
		.number = 1, .workload_bytes = sizeof(struct workload),                            \
		.option_bytes = sizeof(struct option), .metric_bytes = sizeof(struct metric),      \
		.needs_bytes = sizeof(struct needs), .job_bytes = sizeof(struct job),              \
		.worker_bytes = sizeof(struct worker), .call_bytes = sizeof(struct async_call),    \
		.err_bytes = sizeof(struct err), .value_bytes = sizeof(union value),               \
		.list_bytes = sizeof(struct option_list), .text_bytes = sizeof(struct text),       \
		.arena_bytes = sizeof(struct arena)                                                \
	}

enum { PLUGIN_WORKLOADS_MOST = 32 };

struct conrun_plugin {
	struct conrun_abi abi;                                       /* stays first */
	const struct workload *workloads[PLUGIN_WORKLOADS_MOST + 1]; /* ends with NULL */
};

extern const struct conrun_plugin conrun_plugin; /* the one symbol that is looked up */

#endif
