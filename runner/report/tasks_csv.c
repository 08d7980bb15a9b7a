/*
 * tasks.csv: a row per task, where the scenario asks for it. Written after each run; millions of
 * rows pass through here, so they are put together by hand, in a buffer of bounded size, and each
 * write is of whole lines.
 */
#include "report/tasks_csv.h"

#include "base/memory.h"
#include "report/decimal.h"
#include "report/file.h"
#include "report/registry.h"
#include "report/task_blocks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BUFFER_BYTES = 512 * 1024,
	ROW_MOST = TASK_PREFIX_MOST + 7 * DECIMAL_MOST,
};

const struct task_column task_columns[] = {
	{"experiment", "", "the experiment's id, as in the other files"},
	{"round", "", "which repetition, from 1, as in runs.csv"},
	{"task", "", "the task's index, from 0"},
	{"worker", "", "the worker that ran it, from 0: its place; under async, in flight"},
	{"submitted_s", "seconds",
		"when it was handed out, since the run's release; with a rate, when it arrived"},
	{"started_s", "seconds", "when it began to run; empty where it never did"},
	{"finished_s", "seconds", "when it ended; empty where it never did"},
	{"value", "", "what it returned; empty where it failed or was lost"},
	{"status", "",
		"ok, failed (it returned an error) or lost (its worker died, or the run was "
		"ended, while it was in flight)"},
	{.name = NULL},
};

struct tasks_csv {
	struct lines lines;
	char *path;
	struct task_blocks before; /* of an earlier part of the session */
	uint64_t number;           /* of the run whose rows are being written */
	char prefix[TASK_PREFIX_MOST];
	size_t prefix_bytes;
	size_t used;
	char buffer[BUFFER_BYTES];
};

static int flush(struct tasks_csv *tasks, struct err *err)
{
	size_t used = tasks->used;
	tasks->used = 0;
	return used ? lines_add(&tasks->lines, tasks->buffer, used, err) : 0;
}

static void end(void *state)
{
	struct tasks_csv *tasks = state;
	struct err ignored;
	if (!tasks)
		return;
	if (tasks->lines.path)
		lines_close(&tasks->lines, &ignored);
	task_blocks_release(&tasks->before);
	free(tasks->path);
	free(tasks);
}

static int write_header(struct tasks_csv *tasks, struct err *err)
{
	struct text header;
	text_init(&header);
	for (const struct task_column *column = task_columns; column->name; column++)
		text_addf(&header, "%s%s", column == task_columns ? "" : ",", column->name);
	text_add(&header, "\r\n");
	int result = lines_add(&tasks->lines, text_get(&header), header.length, err);
	text_release(&header);
	return result;
}

static int open_file(struct tasks_csv *tasks, bool resumed, struct err *err)
{
	if (!resumed)
		return lines_create(&tasks->lines, tasks->path, err) || write_header(tasks, err)
			       ? -1
			       : 0;
	if (lines_append(&tasks->lines, tasks->path, err))
		return -1;
	return tasks->lines.whole ? task_blocks_read(&tasks->before, tasks->path, err)
				  : write_header(tasks, err);
}

static int begin(const struct session *session, void **state, struct err *err)
{
	if (!session->plan->scenario->output.tasks)
		return 0;
	struct tasks_csv *tasks = memory_alloc(sizeof(*tasks));
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/tasks.csv", session->folder);
	tasks->path = path.bytes; /* now owned here */
	if (open_file(tasks, session->resumed, err)) {
		end(tasks);
		return -1;
	}
	*state = tasks;
	return 0;
}

static uint64_t wants(const void *state, const struct planned_run *planned)
{
	return state && planned->round >= 0 ? UINT64_MAX : 0;
}

/* What all rows of a run begin with. */
static void begin_run(struct tasks_csv *tasks, const struct run_event *event)
{
	char id[18];
	tasks->number = event->number;
	tasks->prefix_bytes = (size_t)snprintf(tasks->prefix, TASK_PREFIX_MOST, "%s,%d,",
		plan_id(event->experiment, id), event->planned->round + 1);
	task_blocks_drop(&tasks->before, tasks->prefix);
}

/* A moment that did not come is left empty. */
static char *put_moment(char *to, uint64_t ns)
{
	if (ns != TASK_NEVER)
		to = decimal_seconds(to, ns);
	*to++ = ',';
	return to;
}

static void add_row(struct tasks_csv *tasks, const struct task_record *record)
{
	static const char ends[TASK_STATUSES][16] = {"ok\r\n", "failed\r\n", "lost\r\n"};
	char *at = tasks->buffer + tasks->used;
	memcpy(at, tasks->prefix, TASK_PREFIX_MOST);
	at = decimal_count(at + tasks->prefix_bytes, record->task);
	*at++ = ',';
	at = decimal_count(at, record->lane);
	*at++ = ',';
	at = put_moment(at, record->submitted);
	at = put_moment(at, record->started);
	at = put_moment(at, record->finished);
	if (record->status == TASK_OK)
		at = decimal_count(at, record->value);
	*at++ = ',';
	memcpy(at, ends[record->status], sizeof(ends[0]));
	tasks->used = (size_t)(at - tasks->buffer) + strlen(ends[record->status]);
}

static int add_tasks(void *state, const struct run_event *event, const struct task_record *records,
	size_t count, struct err *err)
{
	struct tasks_csv *tasks = state;
	if (!tasks)
		return 0;
	if (event->number != tasks->number)
		begin_run(tasks, event);
	for (size_t i = 0; i < count; i++) {
		if (BUFFER_BYTES - tasks->used < ROW_MOST && flush(tasks, err))
			return -1;
		add_row(tasks, &records[i]);
	}
	return flush(tasks, err);
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	struct tasks_csv *tasks = state;
	(void)summary;
	if (!tasks)
		return 0;
	if (lines_close(&tasks->lines, err))
		return -1;
	return tasks->before.any_dropped ? task_blocks_remove(&tasks->before, tasks->path, err) : 0;
}

const struct report report_tasks_csv = {
	.name = "tasks.csv",
	.summary = "a row per task, where `output: { tasks: true }` asks for it",
	.begin = begin,
	.wants = wants,
	.tasks = add_tasks,
	.finish = finish,
	.end = end,
};
