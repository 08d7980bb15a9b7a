/* See disturbed.h: the disturbance that most rows share is named, with its remedy. */
#include "report/disturbed.h"

#include "report/screen.h"
#include "stats/trend.h"

#include <inttypes.h>

enum { NAMED_MOST = 3 };

static bool has_noise(const struct summary_row *row, unsigned flag)
{
	return row->noise & flag;
}

static bool has_trend(const struct summary_row *row, unsigned flag)
{
	return row->trend & flag;
}

static const struct cause {
	bool (*in)(const struct summary_row *row, unsigned flag);
	unsigned flag;
	const char *name, *remedy;
} causes[] = {
	{has_noise, NOISE_THROTTLED, "throttled", "raise the CPU quota (cpu.max of the cgroup)"},
	{has_noise, NOISE_STEAL, "steal",
		"other guests had the CPUs: measure on a machine of your own"},
	{has_noise, NOISE_BUSY, "busy", "close other programs, or ask for more runs"},
	{has_noise, NOISE_QUEUED, "queued",
		"workers shared a CPU while others were free: pin them"},
	{has_trend, TREND_DRIFT, "drift",
		"the machine changed meanwhile: let it settle, run again"},
	{has_trend, TREND_WARM_UP, "warm_up", "the first run was slower: warmup: 1 leaves it out"},
};

enum { CAUSES = sizeof(causes) / sizeof(causes[0]) };

static uint32_t count_rows(const struct summary *summary, const struct cause *cause)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < summary->count; i++)
		count += cause->in(&summary->rows[i], cause->flag);
	return count;
}

static void add_rows(const struct summary *summary, const struct cause *cause, struct text *out)
{
	uint32_t named = 0;
	for (uint32_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		if (!cause->in(row, cause->flag))
			continue;
		if (named == NAMED_MOST) {
			text_add(out, ", …");
			return;
		}
		text_add(out, named++ ? ", " : "");
		screen_experiment(out, summary->plan, row->experiment);
	}
}

void disturbed_text(const struct summary *summary, struct text *out)
{
	const struct cause *worst = NULL;
	uint32_t most = 0;
	for (size_t i = 0; i < CAUSES; i++) {
		uint32_t count = count_rows(summary, &causes[i]);
		worst = count > most ? &causes[i] : worst;
		most = count > most ? count : most;
	}
	if (!worst)
		return;
	text_addf(out, "noise: %s in %" PRIu32 " of %" PRIu32 " rows", worst->name, most,
		summary->count);
	if (most < summary->count) {
		text_add(out, " (");
		add_rows(summary, worst, out);
		text_add(out, ")");
	}
	text_addf(out, "; %s", worst->remedy);
}
