/*
 * Winners and ties. In closed loops rates are compared, not times: cells may differ in their tasks.
 */
#include "report/verdict.h"

#include "report/human.h"
#include "report/screen.h"
#include "report/utf8.h"

#include <inttypes.h>

static const double clear_lead = 0.03;

static bool is_open(const struct summary_row *row)
{
	return row->experiment->rate > 0;
}

static bool comparable(const struct summary_row *row)
{
	if (row->status != STATUS_OK)
		return false;
	if (is_open(row))
		return row->wait_p99_min_s.known && row->wait_p99_min_s.value > 0;
	return row->throughput_per_s.known && row->throughput_per_s.value > 0 &&
	       row->elapsed_s.known;
}

/* More is better. */
static double score(const struct summary *summary, uint32_t index)
{
	const struct summary_row *row = &summary->rows[index];
	return is_open(row) ? 1 / row->wait_p99_s.value : row->throughput_per_s.value;
}

/* The rate of a run that takes as long as one end of the interval of the median time. */
static double rate_at(const struct summary_row *row, struct figure elapsed_s)
{
	return elapsed_s.value > 0
		       ? row->throughput_per_s.value * row->elapsed_s.value / elapsed_s.value
		       : row->throughput_per_s.value;
}

/* Below six runs there is no interval: then all that was seen counts. */
static double most(const struct summary_row *row)
{
	if (is_open(row))
		return 1 / row->wait_p99_min_s.value;
	return rate_at(
		row, row->elapsed_ci_low_s.known ? row->elapsed_ci_low_s : row->elapsed_min_s);
}

static double least(const struct summary_row *row)
{
	if (is_open(row))
		return 1 / row->wait_p99_max_s.value;
	return rate_at(row,
		row->elapsed_ci_high_s.known ? row->elapsed_ci_high_s : row->elapsed_max_s);
}

static void rank(const struct summary *summary, struct verdict *verdict, uint32_t index)
{
	double own = score(summary, index);
	if (verdict->ok == 0 || own > score(summary, verdict->first)) {
		verdict->second = verdict->first;
		verdict->first = index;
	} else if (verdict->ok == 1 || own > score(summary, verdict->second)) {
		verdict->second = index;
	}
	verdict->ok++;
}

/* Keeps the fastest few, the fastest first. */
static void add_to_ties(const struct summary *summary, struct verdict *verdict, uint32_t index)
{
	uint32_t kept = verdict->tied < VERDICT_TIES ? verdict->tied : VERDICT_TIES;
	uint32_t at = kept;
	while (at > 0 && score(summary, verdict->ties[at - 1]) < score(summary, index))
		at--;
	for (uint32_t i = kept < VERDICT_TIES ? kept : VERDICT_TIES - 1; i > at; i--)
		verdict->ties[i] = verdict->ties[i - 1];
	if (at < VERDICT_TIES)
		verdict->ties[at] = index;
	verdict->tied++;
}

static void judge(const struct summary *summary, struct verdict *verdict, uint32_t index)
{
	bool close = score(summary, index) > score(summary, verdict->first) * (1 - clear_lead);
	bool overlap = most(&summary->rows[index]) >= least(&summary->rows[verdict->first]);
	if (close || overlap)
		add_to_ties(summary, verdict, index);
	verdict->overlap |= overlap && !close;
}

static bool belongs(const struct verdict *verdict, const struct experiment *experiment)
{
	if (!verdict->workload)
		return true;
	if (verdict->workload != experiment->workload)
		return false;
	if (!verdict->open)
		return experiment->rate <= 0;
	return plan_same_load(verdict->open, experiment) &&
	       verdict->open->tasks == experiment->tasks;
}

/* One for each variant and open load; where these are too many, one for all closed loops. */
static size_t sort_rows(const struct summary *summary, struct verdict *verdicts)
{
	size_t count = 0;
	bool many = false, open = false;
	for (uint32_t i = 0; i < summary->count; i++) {
		const struct experiment *experiment = summary->rows[i].experiment;
		size_t k = 0;
		while (k < count && !belongs(&verdicts[k], experiment))
			k++;
		open |= experiment->rate > 0;
		many |= k == VERDICTS_MOST;
		if (k == count && !many)
			verdicts[count++] = (struct verdict){.workload = experiment->workload,
				.open = experiment->rate > 0 ? experiment : NULL};
	}
	if (!many)
		return count;
	verdicts[0] = (struct verdict){.workload = NULL};
	return open ? 0 : 1;
}

static bool concerns(const struct verdict *verdict, const struct summary_row *row)
{
	return comparable(row) && belongs(verdict, row->experiment);
}

size_t verdict_make(const struct summary *summary, struct verdict verdicts[VERDICTS_MOST])
{
	size_t count = sort_rows(summary, verdicts);
	for (struct verdict *verdict = verdicts; verdict < verdicts + count; verdict++) {
		for (uint32_t i = 0; i < summary->count; i++)
			if (concerns(verdict, &summary->rows[i]))
				rank(summary, verdict, i);
		for (uint32_t i = 0; i < summary->count; i++)
			if (concerns(verdict, &summary->rows[i]) && i != verdict->first)
				judge(summary, verdict, i);
	}
	return count;
}

/* An executor; with its workload where several compete. */
static void add_row(struct text *out, const struct summary *summary,
	const struct verdict *verdict, uint32_t index)
{
	const struct experiment *experiment = summary->rows[index].experiment;
	if (verdict->workload)
		screen_executor(out, experiment);
	else
		screen_experiment(out, summary->plan, experiment);
	const struct loads *loads = &summary->plan->scenario->loads;
	if (verdict->open)
		return;
	if (loads->of[LOAD_TASKS].count > 1 && experiment->tasks)
		text_addf(out, " with %" PRIu64 " tasks", experiment->tasks);
	if (loads->of[LOAD_RUNTIME].count > 1 && experiment->runtime_ns) {
		text_add(out, " in ");
		option_format_duration((int64_t)experiment->runtime_ns, out);
	}
}

/* What the rows are compared by; where tasks are given the time is more telling than their rate. */
static void add_figure(struct text *out, const struct summary_row *row)
{
	if (is_open(row)) {
		text_add(out, "wait p99 ");
		human_seconds(out, row->wait_p99_s.value, 3);
	} else if (row->experiment->tasks) {
		human_seconds(out, row->elapsed_s.value, 4);
	} else {
		human_rate(out, row->throughput_per_s.value);
	}
}

/* ` — 1.016 s, 984 × sequential` */
static void add_figures(
	struct text *out, const struct summary *summary, uint32_t index, bool tied)
{
	const struct summary_row *row = &summary->rows[index];
	uint32_t baseline = row->experiment->baseline;
	text_add(out, tied ? " — at best " : " — ");
	add_figure(out, row);
	if (is_open(row) || !row->speedup.known || baseline == PLAN_NONE || baseline == index)
		return;
	text_add(out, ", ");
	human_number(out, row->speedup.value, 3);
	text_add(out, " × ");
	screen_executor(out, summary->rows[baseline].experiment);
}

/* `; 1.14 × the next, thread ×1000`; nothing where the next is what it was compared with. */
static void add_lead(
	struct text *out, const struct summary *summary, const struct verdict *verdict)
{
	if (verdict->open) {
		text_add(out, "; the next, ");
		add_row(out, summary, verdict, verdict->second);
		text_add(out, ": ");
		add_figure(out, &summary->rows[verdict->second]);
		return;
	}
	if (summary->rows[verdict->first].experiment->baseline == verdict->second)
		return;
	text_add(out, "; ");
	human_number(out, score(summary, verdict->first) / score(summary, verdict->second), 3);
	text_add(out, " × the next, ");
	add_row(out, summary, verdict, verdict->second);
}

static void add_tie(
	struct text *out, const struct summary *summary, const struct verdict *verdict)
{
	uint32_t named = verdict->tied < VERDICT_TIES ? verdict->tied : VERDICT_TIES;
	add_row(out, summary, verdict, verdict->first);
	for (uint32_t i = 0; i < named; i++) {
		text_add(out, i + 1 == verdict->tied ? " and " : ", ");
		add_row(out, summary, verdict, verdict->ties[i]);
	}
	if (verdict->tied > named)
		text_addf(out, " and %" PRIu32 " more", verdict->tied - named);
	text_add(out, verdict->overlap ? " cannot be told apart" : " within 3 %");
}

static void add_subject(
	struct text *out, const struct summary *summary, const struct verdict *verdict)
{
	if (!verdict->workload) {
		text_add(out, verdict->tied ? "no clear winner: " : "fastest of all: ");
		return;
	}
	const struct experiment *experiment = summary->rows[verdict->first].experiment;
	struct text label;
	text_init(&label);
	plan_workload_label(summary->plan, experiment, &label);
	text_add(out, verdict->tied   ? "no clear winner for "
		      : verdict->open ? "shortest waits for "
				      : "fastest for ");
	utf8_add_line(out, text_get(&label));
	screen_rate(out, experiment);
	text_add(out, ": ");
	text_release(&label);
}

void verdict_text(
	const struct summary *summary, const struct verdict *verdict, struct text *out)
{
	if (verdict->ok < 2)
		return;
	add_subject(out, summary, verdict);
	if (verdict->tied)
		add_tie(out, summary, verdict);
	else
		add_row(out, summary, verdict, verdict->first);
	add_figures(out, summary, verdict->first, verdict->tied > 0);
	if (!verdict->tied)
		add_lead(out, summary, verdict);
}
