/* The same verdicts as whole sentences, for readers who do not know the tables yet. */
#include "report/human.h"
#include "report/screen.h"
#include "report/utf8.h"
#include "report/verdict.h"

#include <inttypes.h>

static const struct summary_row *row_of(const struct summary *summary, uint32_t index)
{
	return &summary->rows[index];
}

/* `thread_pool with 4 workers` */
static void add_who(struct text *out, const struct summary *summary, const struct verdict *verdict,
	uint32_t index)
{
	const struct experiment *experiment = row_of(summary, index)->experiment;
	if (!verdict->workload) {
		screen_workload(out, summary->plan, experiment);
		text_add(out, " under ");
	}
	utf8_add_line(out, experiment->executor->label);
	if (!experiment->executor->type->ignores_workers)
		text_addf(out, " with %" PRIu32 " worker%s", experiment->workers,
			experiment->workers == 1 ? "" : "s");
}

/* `it took 1.016 s`, or what it is compared by instead. */
static void add_figure(struct text *out, const struct summary_row *row)
{
	if (row->experiment->rate > 0) {
		text_add(out, "99 % of the tasks waited at most ");
		human_seconds(out, row->wait_p99_s.value, 3);
	} else if (row->experiment->tasks) {
		text_add(out, "it took ");
		human_seconds(out, row->elapsed_s.value, 4);
	} else {
		text_add(out, "it got through ");
		human_rate(out, row->throughput_per_s.value);
		text_add(out, " of tasks");
	}
}

static void add_baseline(struct text *out, const struct summary *summary,
	const struct verdict *verdict, uint32_t index)
{
	const struct summary_row *row = row_of(summary, index);
	uint32_t baseline = row->experiment->baseline;
	if (row->experiment->rate > 0 || !row->speedup.known || baseline == PLAN_NONE ||
		baseline == index)
		return;
	text_add(out, ", ");
	human_number(out, row->speedup.value, 3);
	text_add(out, " times as fast as ");
	add_who(out, summary, verdict, baseline);
}

static void add_subject(
	struct text *out, const struct summary *summary, const struct verdict *verdict)
{
	if (!verdict->workload) {
		text_add(out, "Of all experiments, ");
		return;
	}
	const struct experiment *experiment = row_of(summary, verdict->first)->experiment;
	struct text label;
	text_init(&label);
	plan_workload_label(summary->plan, experiment, &label);
	text_add(out, "For ");
	utf8_add_line(out, text_get(&label));
	screen_rate(out, experiment);
	text_add(out, ", ");
	text_release(&label);
}

static void add_tied(struct text *out, const struct summary *summary, const struct verdict *verdict)
{
	uint32_t named = verdict->tied < VERDICT_TIES ? verdict->tied : VERDICT_TIES;
	text_add(out, "there is no clear winner: ");
	add_who(out, summary, verdict, verdict->first);
	for (uint32_t i = 0; i < named; i++) {
		text_add(out, i + 1 == verdict->tied ? " and " : ", ");
		add_who(out, summary, verdict, verdict->ties[i]);
	}
	if (verdict->tied > named)
		text_addf(out, " and %" PRIu32 " more", verdict->tied - named);
	text_add(out, verdict->overlap ? " cannot be told apart. At best "
				       : " differ by less than 3 %. At best ");
}

static void add_winner(
	struct text *out, const struct summary *summary, const struct verdict *verdict)
{
	add_who(out, summary, verdict, verdict->first);
	text_add(out, verdict->open ? " keeps tasks waiting least: " : " is the fastest: ");
}

static void add_next(struct text *out, const struct summary *summary, const struct verdict *verdict)
{
	const struct summary_row *first = row_of(summary, verdict->first);
	const struct summary_row *second = row_of(summary, verdict->second);
	if (first->experiment->baseline == verdict->second)
		return;
	text_add(out, " The next is ");
	add_who(out, summary, verdict, verdict->second);
	text_add(out, ": ");
	add_figure(out, second);
	text_add(out, ".");
}

void verdict_sentence(
	const struct summary *summary, const struct verdict *verdict, struct text *out)
{
	if (verdict->ok == 0)
		return;
	add_subject(out, summary, verdict);
	if (verdict->ok == 1)
		text_add(out, "there is one result: ");
	if (verdict->tied)
		add_tied(out, summary, verdict);
	else if (verdict->ok > 1)
		add_winner(out, summary, verdict);
	else {
		add_who(out, summary, verdict, verdict->first);
		text_add(out, ": ");
	}
	add_figure(out, row_of(summary, verdict->first));
	add_baseline(out, summary, verdict, verdict->first);
	text_add(out, ".");
	if (verdict->ok > 1 && !verdict->tied)
		add_next(out, summary, verdict);
}
