/*
 * A run written down: all that a fresh program image needs to take part in it as host or worker, as
 * text that the same option tables read that read the scenario. It lies in the region, behind which
 * nothing else of the host's memory is reached. Pairs of NUL-terminated key and value:
 *
 *   plugin PATH, workload T, folder PATH, source PATH, version N, param.NAME V …, executor T,
 *   option.NAME V …, workers N, tasks N, seed N, scratch PATH, allow_all 0|1
 *
 * Plugin, source and version are those of a workload that a plugin brought or a file was made into.
 *
 * A list has one pair an item.
 */
#ifndef ENGINE_SPEC_H
#define ENGINE_SPEC_H

#include "base/err.h"
#include "base/memory.h"
#include "base/text.h"
#include "plan/plan.h"

struct spec {
	struct experiment experiment;
	uint64_t seed;
	const char *scratch;
	struct workload_variant workload;
	struct executor_variant executor;
};

void spec_write(const struct experiment *experiment, uint64_t seed, const char *scratch,
	struct text *out);

/* Reads what spec_write wrote. All that it points to is in the arena; `spec` must stay in place. */
int spec_read(
	struct spec *spec, const char *bytes, size_t length, struct arena *arena, struct err *err);

#endif
