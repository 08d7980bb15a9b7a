/*
 * Who won, for each workload variant or, where these are many, of all: the most tasks per
 * second among the rows that are ok. A lead is called none where it is within 3 %, or where the
 * times overlap: their medians' intervals, or below six runs all times seen.
 *
 * In an open loop all that keep up have the rate's throughput, and who won is who lets tasks wait
 * least: the 99th percentile, among rows with the same load. It overlaps where the single runs'
 * percentiles do.
 */
#ifndef REPORT_VERDICT_H
#define REPORT_VERDICT_H

#include "stats/summary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERDICTS_MOST = 4, VERDICT_TIES = 3 };

struct verdict {
	const struct workload_variant *workload; /* NULL: all of them together */
	const struct experiment *open; /* an open loop: the first with this load; else NULL */
	uint32_t ok;                   /* rows that can be compared */
	uint32_t first, second;        /* the best of them; second where there are two */
	uint32_t tied;                 /* how many others cannot be told from the first */
	uint32_t ties[VERDICT_TIES];   /* the fastest of these, in order */
	bool overlap;                  /* some of them only because the times overlap */
};

/* Returns how many there are, in the plan's order; none for too many different open loops. */
size_t verdict_make(const struct summary *summary, struct verdict verdicts[VERDICTS_MOST]);

/* `fastest for wait: thread_pool ×1000 — 1.016 s, 984 × sequential` */
void verdict_text(const struct summary *summary, const struct verdict *verdict, struct text *out);

/* The same in whole sentences: `For wait, thread_pool with 1000 workers is the fastest: it took
 * 1.016 s, 984 times as fast as sequential.` One result alone is said, too. */
void verdict_sentence(
	const struct summary *summary, const struct verdict *verdict, struct text *out);

#endif
