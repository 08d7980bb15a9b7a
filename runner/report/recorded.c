#include "report/recorded.h"

#include "report/screen.h"
#include "report/trace_json.h"

#include <inttypes.h>

/* Less of the workers' time is not worth a line. */
static const double told_share = 0.01;

void recorded_files(const struct session *session, struct text *out)
{
	const struct outputs *output = &session->plan->scenario->output;
	if (output->tasks)
		text_addf(out,
			"tasks: %s/tasks.csv\n"
			"timeline: conrun report %s --timeline\n",
			session->folder, session->folder);
	if (output->trace)
		text_addf(out,
			"trace: %s/trace.json (round 1, at most %d tasks; "
			"https://ui.perfetto.dev opens it)\n",
			session->folder, TRACE_TASKS_MOST);
}

/* Of the time that its workers had. */
static double share_of(const struct summary_row *row)
{
	double had_s = row->elapsed_s.value * row->experiment->workers;
	if (!row->recording_stall_s.known || !row->elapsed_s.known || had_s <= 0)
		return 0;
	return row->recording_stall_s.value / had_s;
}

void recorded_cost(const struct summary *summary, struct text *out)
{
	const struct summary_row *worst = NULL;
	uint32_t count = 0;
	for (uint32_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		if (share_of(row) < told_share)
			continue;
		count++;
		worst = !worst || share_of(row) > share_of(worst) ? row : worst;
	}
	if (!worst)
		return;
	text_addf(out,
		"recording: workers waited for it in %" PRIu32 " of %" PRIu32
		" rows, at most %.0f %% of their time (",
		count, summary->count, 100 * share_of(worst));
	screen_experiment(out, summary->plan, worst->experiment);
	text_add(out, "); for times without that, leave out `output:`");
}
