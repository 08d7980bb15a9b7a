#include "report/extras.h"

#include "report/report.h"
#include "report/screen.h"
#include "report/utf8.h"

#include <inttypes.h>

static int report(struct diag *diag, const struct diag_sink *sink)
{
	diag_publish(diag, sink);
	return diag->errors > 0 ? -1 : 0;
}

int extras_make(struct extras *extras, const struct plan *plan)
{
	const struct scenario *scenario = plan->scenario;
	struct arena scratch;
	struct diag diag;
	arena_init(&scratch);
	scenario_diag(scenario, &scratch, &diag);
	extras->plan = plan;
	added_init(&extras->added);
	fields_init(&extras->fields, plan, &extras->added);
	hooks_make(&extras->hooks, &extras->added, &extras->fields, &diag);
	expectations_make(&extras->expectations, &extras->fields, &diag);
	added_rows(&extras->added, plan->experiment_count);
	int failed = diag.count > 0 ? report(&diag, scenario->reading.sink) : 0;
	diag_release(&diag);
	arena_release(&scratch);
	if (failed)
		extras_release(extras);
	return failed;
}

void extras_release(struct extras *extras)
{
	hooks_release(&extras->hooks);
	expectations_release(&extras->expectations);
	fields_release(&extras->fields);
	added_release(&extras->added);
}

void extras_apply(struct extras *extras, const struct session *session, struct summary *summary)
{
	hooks_rows(&extras->hooks, &extras->added, &extras->fields, session, summary);
	expectations_judge(&extras->expectations, &extras->fields, summary);
	hooks_finish(&extras->hooks, session);
}

void extras_complaints(const struct extras *extras, struct text *out)
{
	for (size_t i = 0; i < extras->hooks.count; i++) {
		const struct hook_run *run = &extras->hooks.items[i];
		if (!run->failed)
			continue;
		text_addf(out, "hook '%s' failed: ", run->hook->name);
		utf8_add_line(out, run->err.text);
		text_add(out, "\n");
	}
}

/* `not as expected: quick enough (line 8)` */
static void add_expectation(
	const char *verdict, const struct expectation *expectation, struct text *out)
{
	const struct expect *expect = expectation->expect;
	text_addf(out, "%s: ", verdict);
	utf8_add_line(out, expect->name ? expect->name : expect->that);
	text_addf(out, " (line %d)", expect->place.line);
}

static void add_not_run(
	const struct extras *extras, const struct expectation *expectation, struct text *out)
{
	uint32_t rows = expectation->not_run;
	add_expectation("not judged", expectation, out);
	text_addf(out, ": %" PRIu32 " of %" PRIu32 " rows %s not run%s\n", rows,
		rows + expectation->judged, rows == 1 ? "was" : "were",
		extras->plan->filtered ? ", or --filter left out the baseline" : "");
}

static void add_failures(
	const struct extras *extras, const struct expectation *expectation, struct text *out)
{
	uint32_t shown = expectation->failed < EXPECTATION_FAILURES_KEPT
				 ? expectation->failed
				 : EXPECTATION_FAILURES_KEPT;
	add_expectation("not as expected", expectation, out);
	text_add(out, "\n");
	for (uint32_t i = 0; i < shown; i++) {
		const struct failure *failure = &expectation->failures[i];
		text_add(out, "  ");
		screen_experiment(out, extras->plan, &extras->plan->experiments[failure->row]);
		text_add(out, ": ");
		utf8_add_line(out, failure->values);
		text_add(out, "\n");
	}
	if (shown < expectation->failed)
		text_addf(out, "  … and %" PRIu32 " more of %" PRIu32 " rows\n",
			expectation->failed - shown, expectation->judged);
}

void extras_judgement(const struct extras *extras, struct text *out)
{
	const struct expectations *expectations = &extras->expectations;
	struct expectations_count count = expectations_count(expectations);
	if (!expectations->count)
		return;
	if (extras->plan->scenario->reading.quick) {
		text_add(out, "expectations: not judged, as the runs are too short (--quick)\n");
		return;
	}
	for (size_t i = 0; i < expectations->count; i++) {
		if (expectations->items[i].failed > 0)
			add_failures(extras, &expectations->items[i], out);
		if (expectations->items[i].not_run > 0)
			add_not_run(extras, &expectations->items[i], out);
	}
	text_addf(out, "expectations: %zu of %zu hold", count.held, expectations->count);
	if (count.judged < expectations->count)
		text_addf(out, ", %zu had no row to judge", expectations->count - count.judged);
	text_add(out, "\n");
}
