/* What a comparison comes to, in words. */
#include "report/utf8.h"
#include "review/compare_view.h"

static const char *const counted[CELL_OUTCOMES] = {
	[CELL_BROKE] = "broke",
	[CELL_SLOWER] = "slower",
	[CELL_FASTER] = "faster",
	[CELL_SAME] = "the same",
	[CELL_INCONCLUSIVE] = "inconclusive",
	[CELL_TOO_FEW] = "with not enough runs",
	[CELL_MENDED] = "mended",
	[CELL_NOT_COMPARED] = "not compared",
};

static const char side_names[SIDES] = {'A', 'B'};

static bool has_runs(const struct results *results)
{
	return results->runs.width > 0;
}

static void add_advice(
	const struct comparison *comparison, enum cell_outcome outcome, struct text *out)
{
	bool all_runs = has_runs(comparison->sides[SIDE_A]) && has_runs(comparison->sides[SIDE_B]);
	if (outcome == CELL_INCONCLUSIVE && comparison->repeat_more)
		text_addf(out, " (more runs would tell: repeat: %zu)", comparison->repeat_more);
	else if (outcome == CELL_INCONCLUSIVE)
		text_add(out, " (a quieter machine would tell, or a larger --tolerance)");
	if (outcome == CELL_TOO_FEW && comparison->repeat_enough && all_runs)
		text_addf(out, " (repeat: %zu at least)", comparison->repeat_enough);
}

static void add_only(const struct comparison *comparison, struct text *out)
{
	for (int side = 0; side < SIDES; side++)
		if (comparison->only[side])
			text_addf(
				out, ", %zu only in %c", comparison->only[side], side_names[side]);
}

void compare_sentence(const struct compare_view *view, struct text *out)
{
	const struct comparison *comparison = view->comparison;
	size_t slower = comparison->of[CELL_SLOWER];
	if (slower)
		text_addf(out, "%zu of %zu slower", slower, comparison->count);
	else
		text_addf(out, "none of %zu slower", comparison->count);
	for (int i = 0; i < CELL_OUTCOMES; i++) {
		if (!comparison->of[i] || i == CELL_SLOWER)
			continue;
		text_addf(out, ", %zu %s", comparison->of[i], counted[i]);
		add_advice(comparison, (enum cell_outcome)i, out);
	}
	add_only(comparison, out);
	text_add(out, "\n");
}

/* ---- notes ---- */

static void note_session(
	const struct comparison *comparison, int side, const char *lead, struct text *out)
{
	const struct results *results = comparison->sides[side];
	const json_t *outcome = json_object_get(results->run, "outcome");
	const char *fault = NULL;
	if (!results->run)
		fault = "no run.json: whether both were measured on the same machine is not "
			"known";
	else if (json_is_true(json_object_get(outcome, "interrupted")))
		fault = "interrupted before its end";
	else if (json_is_true(json_object_get(outcome, "out_of_budget")))
		fault = "ended by its budget";
	if (fault)
		text_addf(out, "%s%c: %s\n", lead, side_names[side], fault);
	if (!has_runs(results))
		text_addf(out,
			"%s%c: no runs.csv beside the summary: a verdict needs every run; name "
			"the session's folder\n",
			lead, side_names[side]);
}

static void note_work(const struct comparison *comparison, const char *lead, struct text *out)
{
	size_t count = 0;
	const char *first = NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct compared *cell = &comparison->cells[i];
		if (!cell->other_work)
			continue;
		if (count++ == 0)
			first = results_field(&comparison->sides[SIDE_B]->summary,
				cell->row[SIDE_B], "experiment");
	}
	if (!count)
		return;
	text_addf(out, "%sthe checksums of %zu cell%s differ (", lead, count, count > 1 ? "s" : "");
	utf8_add_line(out, first);
	text_addf(out, "%s): A and B did not do the same work\n", count > 1 ? ", …" : "");
}

static void note_noise(const struct comparison *comparison, const char *lead, struct text *out)
{
	size_t count = 0;
	for (size_t i = 0; i < comparison->count; i++) {
		bool noisy = false;
		for (int side = 0; side < SIDES; side++)
			noisy |= *results_field(&comparison->sides[side]->summary,
					 comparison->cells[i].row[side], "noise") != 0;
		count += noisy;
	}
	if (count)
		text_addf(out, "%sruns of %zu cell%s were disturbed: see the column noise\n", lead,
			count, count > 1 ? "s" : "");
}

void compare_notes(const struct compare_view *view, const char *lead, struct text *out)
{
	if (*view->machines)
		text_addf(out, "%sdifferent machines: %s\n", lead, view->machines);
	if (*view->others)
		text_addf(out, "%salso different: %s\n", lead, view->others);
	for (int side = 0; side < SIDES; side++)
		note_session(view->comparison, side, lead, out);
	note_work(view->comparison, lead, out);
	note_noise(view->comparison, lead, out);
}
