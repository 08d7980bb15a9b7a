/*
 * What happens right now, on stderr. On a terminal one line that is rewritten about ten times a
 * second; elsewhere a line per finished run, but at most one a second, the first and the last
 * always.
 */
#include "measure/clock.h"
#include "report/eta.h"
#include "report/human.h"
#include "report/registry.h"
#include "report/screen.h"
#include "report/utc.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const uint64_t live_every_ns = 100000000, plain_every_ns = 1000000000;

struct progress {
	const struct session *session;
	struct eta eta;
	uint64_t not_ok;
	uint64_t shown_ns; /* when a line was written last */
	bool on_screen;    /* the live line is */
};

static int begin(const struct session *session, void **state, struct err *err)
{
	struct progress *progress = memory_alloc(sizeof(*progress));
	(void)err;
	progress->session = session;
	eta_init(&progress->eta, session->plan);
	*state = progress;
	return 0;
}

/* `[12/36] round 2/3 · wait · thread_pool ×64` */
static void add_run(
	const struct progress *progress, const struct run_event *event, struct text *line)
{
	const struct plan *plan = progress->session->plan;
	const struct experiment *experiment = event->experiment;
	text_addf(line, "[%" PRIu64 "/%" PRIu64 "] ", event->number, plan->run_count);
	if (event->planned->round < 0)
		text_add(line, "warm-up · ");
	else if (experiment->repeat_least < experiment->repeat)
		text_addf(line, "round %" PRId32 "/%" PRIu32 "–%" PRIu32 " · ",
			event->planned->round + 1, experiment->repeat_least, experiment->repeat);
	else if (experiment->repeat > 1)
		text_addf(line, "round %" PRId32 "/%" PRIu32 " · ", event->planned->round + 1,
			experiment->repeat);
	screen_experiment(line, plan, experiment);
}

static void add_eta(const struct progress *progress, uint64_t current_ns, struct text *line)
{
	uint64_t left_ns;
	text_add(line, " · ETA ");
	if (eta_left(&progress->eta, current_ns, &left_ns))
		human_span(line, left_ns);
	else
		text_add(line, "–");
	if (progress->not_ok)
		text_addf(line, " · %" PRIu64 " not ok", progress->not_ok);
}

static void show_live(struct progress *progress, const struct text *line)
{
	const char *text = text_get(line);
	int cut = (int)utf8_bytes(text, screen_width(STDERR_FILENO, 80) - 1);
	fprintf(stderr, "\r%.*s\033[K", cut, text);
	progress->on_screen = true;
}

static bool due(struct progress *progress, uint64_t every_ns)
{
	uint64_t now_ns = clock_monotonic_ns();
	if (progress->shown_ns && now_ns - progress->shown_ns < every_ns)
		return false;
	progress->shown_ns = now_ns;
	return true;
}

static uint64_t since(const struct run_event *event)
{
	uint64_t now_ns = utc_now_ns();
	return now_ns > event->started_unix_ns ? now_ns - event->started_unix_ns : 0;
}

/* `12/20 tasks · 0.34s`; where a runtime sets the end `0.34s of 5s · 1234 tasks` */
static void add_state(const struct run_event *event, struct text *line)
{
	const struct run_progress *progress = event->progress;
	double seconds = (double)progress->elapsed_ns / 1e9;
	if (event->experiment->tasks) {
		text_addf(line, " · %" PRIu64 "/%" PRIu64 " tasks · %.2fs", progress->tasks_done,
			progress->tasks, seconds);
		return;
	}
	text_addf(line, " · %.2fs of ", seconds);
	option_format_duration((int64_t)event->experiment->runtime_ns, line);
	text_addf(line, " · %" PRIu64 " tasks", progress->tasks_done);
}

static void tick(void *state, const struct run_event *event)
{
	struct progress *progress = state;
	if (!progress->session->live || !due(progress, live_every_ns))
		return;
	struct text line;
	text_init(&line);
	add_run(progress, event, &line);
	add_state(event, &line);
	add_eta(progress, event->planned->round < 0 ? 0 : since(event), &line);
	show_live(progress, &line);
	text_release(&line);
}

static void add_outcome(const struct result *result, struct text *line)
{
	text_addf(line, " · %s", status_name(result->status));
	if (!result->elapsed_known)
		return;
	double seconds = (double)result->elapsed_ns / 1e9;
	text_add(line, " · ");
	human_seconds(line, seconds, 4);
}

static int run(void *state, const struct run_event *event, struct err *err)
{
	struct progress *progress = state;
	const struct session *session = progress->session;
	(void)err;
	progress->not_ok += event->result->status != STATUS_OK;
	/* One that is kept from before took no time today. */
	eta_add(&progress->eta, event->planned->experiment,
		event->reused ? event->result->elapsed_ns : since(event));
	bool last = event->number == session->plan->run_count;
	if (event->reused && !session->live)
		return 0;
	if (!due(progress, session->live ? live_every_ns : plain_every_ns) && !last)
		return 0;
	struct text line;
	text_init(&line);
	add_run(progress, event, &line);
	add_outcome(event->result, &line);
	if (!last)
		add_eta(progress, 0, &line);
	if (session->live)
		show_live(progress, &line);
	else
		fprintf(stderr, "%s\n", text_get(&line));
	text_release(&line);
	return 0;
}

static void clear(struct progress *progress)
{
	if (progress->on_screen)
		fputs("\r\033[K", stderr);
	progress->on_screen = false;
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	(void)summary;
	(void)err;
	clear(state);
	return 0;
}

static void end(void *state)
{
	struct progress *progress = state;
	clear(progress);
	eta_release(&progress->eta);
	free(progress);
}

const struct report report_progress = {
	.name = "progress",
	.summary = "the current run on stderr",
	.screen = true,
	.begin = begin,
	.run = run,
	.tick = tick,
	.finish = finish,
	.end = end,
};
