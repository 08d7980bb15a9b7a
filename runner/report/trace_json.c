/*
 * trace.json: when each worker ran which task, in the Trace Event Format ("JSON Object Format",
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU), which
 * https://ui.perfetto.dev and chrome://tracing open. A run is a process, a worker a thread of it;
 * every run begins at 0, its release, so that runs are seen one below the other.
 *
 * The first round of each experiment, and of that so many tasks as are its share of
 * TRACE_TASKS_MOST: the first ones of each worker.
 */
#include "report/trace_json.h"

#include "base/memory.h"
#include "report/decimal.h"
#include "report/file.h"
#include "report/registry.h"
#include "report/screen.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct lane {
	uint64_t shown, end_ns;
};

struct trace {
	const struct session *session;
	struct file file;      /* path NULL: not open */
	bool begun;            /* there is an event before the next one */
	uint64_t shown, ended; /* tasks, of the runs that are in it */
	uint32_t runs;
	/* the run that is being added */
	uint64_t number;
	struct lane *lanes;
	uint64_t share, lane_share, run_shown;
};

static void end(void *state)
{
	struct trace *trace = state;
	if (trace && trace->file.path)
		file_abandon(&trace->file);
	if (trace)
		free(trace->lanes);
	free(trace);
}

static int add(struct trace *trace, const char *text, struct err *err)
{
	return file_add(&trace->file, text, strlen(text), err);
}

static int begin(const struct session *session, void **state, struct err *err)
{
	if (!session->plan->scenario->output.trace)
		return 0;
	struct trace *trace = memory_alloc(sizeof(*trace));
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/trace.json", session->folder);
	trace->session = session;
	int result = file_create(&trace->file, text_get(&path), err);
	if (result)
		trace->file.path = NULL;
	else
		result = add(trace, "{\"traceEvents\":[\n", err);
	text_release(&path);
	if (result)
		end(trace);
	else
		*state = trace;
	return result;
}

/* What is left, dealt out to the experiments that are yet to come. */
static uint64_t share_of(const struct trace *trace)
{
	uint32_t experiments = trace->session->plan->experiment_count;
	uint64_t yet = experiments > trace->runs ? experiments - trace->runs : 1;
	return (TRACE_TASKS_MOST - trace->shown) / yet;
}

static uint64_t lane_share_of(uint64_t share, uint32_t lanes)
{
	return share > lanes ? share / lanes : 1;
}

static uint64_t wants(const void *state, const struct planned_run *planned)
{
	const struct trace *trace = state;
	if (!trace || planned->round != 0)
		return 0;
	const struct experiment *experiment =
		&trace->session->plan->experiments[planned->experiment];
	uint64_t share = share_of(trace);
	return experiment->executor->type->alone ? share
						 : lane_share_of(share, experiment->workers);
}

/* ---- events ---- */

static int add_event(struct trace *trace, const char *event, size_t bytes, struct err *err)
{
	if (trace->begun && add(trace, ",\n", err))
		return -1;
	trace->begun = true;
	return file_add(&trace->file, event, bytes, err);
}

/* What a process or a thread is called, and where it stands among the others. */
static int add_name(
	struct trace *trace, const char *kind, const char *name, uint64_t thread, struct err *err)
{
	static const char *const events[] = {"name", "sort_index"};
	int result = 0;
	for (int i = 0; i < 2 && !result; i++) {
		struct text type;
		text_init(&type);
		text_addf(&type, "%s_%s", kind, events[i]);
		json_t *value = i == 0 ? json_string(name)
				       : json_integer((json_int_t)(thread ? thread : trace->runs));
		json_t *event = json_pack("{s:s, s:s, s:I, s:I, s:{s:o}}", "ph", "M", "name",
			text_get(&type), "pid", (json_int_t)trace->runs, "tid", (json_int_t)thread,
			"args", events[i], value);
		char *text = json_dumps(event, JSON_COMPACT);
		result = add_event(trace, text, strlen(text), err);
		free(text);
		json_decref(event);
		text_release(&type);
	}
	return result;
}

static int begin_run(struct trace *trace, const struct run_event *event, struct err *err)
{
	uint32_t workers = event->experiment->workers;
	trace->number = event->number;
	trace->share = share_of(trace);
	trace->lane_share = lane_share_of(trace->share, workers);
	trace->lanes = memory_resize(trace->lanes, workers, sizeof(*trace->lanes));
	memset(trace->lanes, 0, workers * sizeof(*trace->lanes));
	trace->run_shown = 0;
	trace->runs++;
	trace->ended += event->result->tasks_ok + event->result->tasks_failed;
	struct text name;
	text_init(&name);
	screen_experiment(&name, trace->session->plan, event->experiment);
	text_add(&name, ", round 1");
	int result = add_name(trace, "process", text_get(&name), 0, err);
	text_release(&name);
	return result;
}

static char *put(char *to, const char *text)
{
	size_t bytes = strlen(text);
	memcpy(to, text, bytes);
	return to + bytes;
}

static char *put_place(char *to, const struct trace *trace, const struct task_record *record)
{
	to = put(to, "\",\"pid\":");
	to = decimal_count(to, trace->runs);
	to = put(to, ",\"tid\":");
	to = decimal_count(to, (uint64_t)record->lane + 1);
	return put(to, ",\"ts\":");
}

static char *put_arguments(char *to, const struct task_record *record)
{
	to = put(to, ",\"args\":{\"task\":");
	to = decimal_count(to, record->task);
	if (record->status == TASK_OK) {
		to = put(to, ",\"value\":");
		to = decimal_count(to, record->value);
	} else {
		to = put(to, ",\"status\":\"");
		to = put(to, task_status_name(record->status));
		to = put(to, "\"");
	}
	if (record->started != TASK_NEVER) {
		to = put(to, ",\"wait_us\":");
		to = decimal_microseconds(to, record->started - record->submitted);
	}
	return put(to, "}}");
}

/* Stamps of two CPUs may differ by a hair; events of one thread must not overlap for it. */
static char *put_span(
	char *to, const struct trace *trace, struct lane *lane, const struct task_record *record)
{
	uint64_t from = record->started > lane->end_ns ? record->started : lane->end_ns;
	uint64_t until = record->finished > from ? record->finished : from;
	lane->end_ns = until;
	to = put(to, "{\"ph\":\"X\",\"name\":\"task ");
	to = decimal_count(to, record->task);
	to = put_place(to, trace, record);
	to = decimal_microseconds(to, from);
	to = put(to, ",\"dur\":");
	return decimal_microseconds(to, until - from);
}

/* One that has no end is a moment. */
static char *put_lost(char *to, const struct trace *trace, const struct task_record *record)
{
	bool started = record->started != TASK_NEVER;
	to = put(to, "{\"ph\":\"i\",\"s\":\"t\",\"name\":\"task ");
	to = decimal_count(to, record->task);
	to = put(to, " lost");
	to = put_place(to, trace, record);
	return decimal_microseconds(to, started ? record->started : record->submitted);
}

static int add_task(struct trace *trace, const struct task_record *record, struct err *err)
{
	struct lane *lane = &trace->lanes[record->lane];
	char event[512], name[8 + DECIMAL_MOST] = "worker ";
	*decimal_count(name + 7, record->lane) = '\0';
	if (lane->shown++ == 0 && add_name(trace, "thread", name, (uint64_t)record->lane + 1, err))
		return -1;
	trace->run_shown++;
	trace->shown++;
	char *at = record->finished == TASK_NEVER ? put_lost(event, trace, record)
						  : put_span(event, trace, lane, record);
	at = put_arguments(at, record);
	return add_event(trace, event, (size_t)(at - event), err);
}

static int add_tasks(void *state, const struct run_event *event, const struct task_record *records,
	size_t count, struct err *err)
{
	struct trace *trace = state;
	if (!trace || event->planned->round != 0)
		return 0;
	if (event->number != trace->number && begin_run(trace, event, err))
		return -1;
	for (size_t i = 0; i < count && trace->run_shown < trace->share; i++) {
		uint32_t lane = records[i].lane;
		if (lane >= event->experiment->workers ||
			trace->lanes[lane].shown >= trace->lane_share)
			continue;
		if (add_task(trace, &records[i], err))
			return -1;
	}
	return 0;
}

/* ---- the end ---- */

static int add_metadata(struct trace *trace, struct err *err)
{
	static const char holds[] = "the first round of each experiment, of that each worker's "
				    "first tasks; times count from the run's release";
	json_t *json = json_pack("{s:s, s:s, s:I, s:I, s:I}", "scenario",
		trace->session->plan->scenario->name, "holds", holds, "tasks_most",
		(json_int_t)TRACE_TASKS_MOST, "tasks_shown", (json_int_t)trace->shown,
		"tasks_of_these_runs", (json_int_t)trace->ended);
	char *text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	int result = add(trace, text, err);
	free(text);
	return result;
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	struct trace *trace = state;
	(void)summary;
	/* What an earlier part of the session left is better than nothing. */
	if (!trace || (trace->session->resumed && trace->runs == 0))
		return 0;
	if (add(trace, "\n],\n\"displayTimeUnit\":\"ms\",\n\"otherData\":", err) ||
		add_metadata(trace, err) || add(trace, "}\n", err))
		return -1;
	int result = file_commit(&trace->file, err);
	trace->file.path = NULL;
	return result;
}

const struct report report_trace_json = {
	.name = "trace.json",
	.summary = "a timeline for Perfetto, where `output: { trace: true }` asks for it",
	.begin = begin,
	.wants = wants,
	.tasks = add_tasks,
	.finish = finish,
	.end = end,
};
