/*
 * Any command: other programs under conrun's executors, clock and statistics. A task starts it and
 * waits for its end; what the command itself used is in the row.
 */
#include "base/memory.h"
#include "workloads/command.h"
#include "workloads/guard.h"
#include "workloads/workload.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <uv.h>

enum { METRIC_USER_S, METRIC_SYS_S, METRIC_MAX_RSS_BYTES };

/* How often a waiting task looks whether the run is being ended: well within the time that it is
 * given to end by itself. */
enum { LOOK_MS = 100 };

static const char *const outputs[] = {
	[OUTPUT_DISCARD] = "discard",
	[OUTPUT_SHOW] = "show",
	[OUTPUT_KEEP] = "keep",
	NULL,
};

struct params {
	struct option_list command, environment;
	const char *folder, *output_folder;
	int64_t exit_code;
	int output;
};

/* A worker's own, in the memory of the process that set it up. */
struct runner {
	struct command command;
	struct outlet outlet; /* not under `async`, where each call has one */
	struct text folder, output_folder;
};

/* worker->state. */
struct place {
	struct runner *here;
};

static bool is_asynchronous(const struct job *job)
{
	return strcmp(job->executor, "async") == 0;
}

static struct runner *runner_of(const struct worker *worker)
{
	return ((struct place *)worker->state)->here;
}

/* ---- before and after ---- */

static void whole_path(const struct job *job, const char *path, struct text *out)
{
	text_init(out);
	if (path[0] != '/')
		text_addf(out, "%s/", job->folder);
	text_add(out, path);
}

static int make_output_folder(const struct job *job, struct err *err)
{
	const struct params *params = job->params;
	struct text folder;
	if (params->output != OUTPUT_KEEP)
		return 0;
	whole_path(job, params->output_folder, &folder);
	int failed = mkdir(text_get(&folder), 0777) != 0 && errno != EEXIST;
	if (failed)
		err_errno(err, errno, "cannot make the folder '%s'", text_get(&folder));
	text_release(&folder);
	return failed ? -1 : 0;
}

static pid_t guard; /* in the host */

static int setup(struct job *job, struct err *err)
{
	return make_output_folder(job, err) == 0 ? guard_start(&guard, err) : -1;
}

static void teardown(struct job *job)
{
	(void)job;
	guard_end(guard);
}

static void release(struct runner *runner)
{
	text_release(&runner->folder);
	text_release(&runner->output_folder);
	free(runner);
}

static int make(struct runner *runner, const struct job *job, struct err *err)
{
	const struct params *params = job->params;
	whole_path(job, params->folder, &runner->folder);
	whole_path(job, params->output_folder, &runner->output_folder);
	const struct command_params command = {.words = params->command,
		.environment = params->environment,
		.output = params->output,
		.output_folder = text_get(&runner->output_folder),
		.folder = text_get(&runner->folder)};
	if (command_make(&runner->command, &command, err) != 0)
		return -1;
	if (is_asynchronous(job) || outlet_open(&runner->outlet, &runner->command, err) == 0)
		return 0;
	command_release(&runner->command);
	return -1;
}

static int worker_setup(struct worker *worker, struct err *err)
{
	struct place *place = worker->state;
	place->here = memory_alloc(sizeof(*place->here));
	if (make(place->here, worker->job, err) == 0)
		return 0;
	release(place->here);
	return -1;
}

static void worker_teardown(struct worker *worker)
{
	struct runner *runner = runner_of(worker);
	if (!is_asynchronous(worker->job))
		outlet_close(&runner->outlet);
	command_release(&runner->command);
	release(runner);
}

/* ---- what came of it ---- */

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

static void account(struct worker *worker, const struct rusage *usage)
{
	worker_metric(worker, METRIC_USER_S, seconds(usage->ru_utime));
	worker_metric(worker, METRIC_SYS_S, seconds(usage->ru_stime));
	worker_metric(worker, METRIC_MAX_RSS_BYTES, (double)usage->ru_maxrss * 1024);
}

static uint64_t complain(struct worker *worker, const struct child *child, struct outlet *outlet)
{
	const struct params *params = worker->job->params;
	const char *label = text_get(&runner_of(worker)->command.label);
	char line[sizeof(outlet->tail) + 1];
	outlet_last_line(outlet, line);
	const char *before = *line ? ": " : "";
	if (WIFSIGNALED(child->status))
		return worker_fail(worker, "'%s' was killed by SIG%s%s%s", label,
			sigabbrev_np(WTERMSIG(child->status)), before, line);
	return worker_fail(worker, "'%s' exited with code %d, expected %d%s%s", label,
		WEXITSTATUS(child->status), (int)params->exit_code, before, line);
}

/* The task's value: 1 for a command that ended as it should. */
static uint64_t judge(struct worker *worker, struct child *child, struct outlet *outlet)
{
	const struct params *params = worker->job->params;
	account(worker, &child->usage);
	if (is_stopping(worker))
		return 0; /* it may have been killed for that */
	if (WIFEXITED(child->status) && WEXITSTATUS(child->status) == params->exit_code)
		return 1;
	return complain(worker, child, outlet);
}

/* ---- the blocking form ---- */

/* First it may end by itself, then it is killed. What it has started is the engine's to end. */
static void end(const struct child *child, bool *asked)
{
	kill(child->pid, *asked ? SIGKILL : SIGTERM);
	*asked = true;
}

/* The pidfd comes first: when it is readable, all that the command wrote is in the pipe. */
static void await(const struct worker *worker, const struct child *child, struct outlet *outlet)
{
	struct pollfd polled[] = {{child->pidfd, POLLIN, 0}, {outlet->from, POLLIN, 0}};
	bool asked = false;
	while (!polled[0].revents) {
		int ready = poll(polled, 2, LOOK_MS);
		if (ready > 0 && polled[1].revents)
			outlet_drain(outlet);
		if (is_stopping(worker) && (ready == 0 || !asked))
			end(child, &asked);
	}
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	struct runner *runner = runner_of(worker);
	struct child child;
	struct err err;
	blocking_begin(worker);
	int failed = command_start(&runner->command, &runner->outlet, index, &child, &err);
	if (!failed) {
		await(worker, &child, &runner->outlet);
		child_reap(&child);
	}
	blocking_end(worker);
	return failed ? worker_fail(worker, "%s", err.text)
		      : judge(worker, &child, &runner->outlet);
}

/* ---- the asynchronous form ---- */

/* A call's own; the outlet is made once. */
struct flight {
	bool made;
	struct outlet outlet;
	uv_poll_t said;
	struct child child;
	uv_poll_t ended;
};

static void on_said(uv_poll_t *said, int status, int events)
{
	(void)status, (void)events;
	outlet_drain(said->data);
}

static int make_flight(struct flight *flight, struct async_call *call, struct err *err)
{
	if (outlet_open(&flight->outlet, &runner_of(call->worker)->command, err) != 0)
		return -1;
	flight->made = true;
	if (flight->outlet.from < 0)
		return 0;
	uv_poll_init(call->loop, &flight->said, flight->outlet.from);
	flight->said.data = &flight->outlet;
	uv_poll_start(&flight->said, UV_READABLE, on_said);
	uv_unref((uv_handle_t *)&flight->said); /* the loop is not to wait for words */
	return 0;
}

/* The loop has let go of the pidfd: the call can be used again. */
static void on_closed(uv_handle_t *handle)
{
	struct async_call *call = handle->data;
	struct flight *flight = call->state;
	child_reap(&flight->child);
	async_done(call, judge(call->worker, &flight->child, &flight->outlet));
}

static void on_ended(uv_poll_t *ended, int status, int events)
{
	struct flight *flight = ((struct async_call *)ended->data)->state;
	(void)status, (void)events;
	outlet_drain(&flight->outlet);
	uv_close((uv_handle_t *)ended, on_closed);
}

static void async_start(struct async_call *call)
{
	struct flight *flight = call->state;
	const struct command *command = &runner_of(call->worker)->command;
	struct err err;
	if ((!flight->made && make_flight(flight, call, &err) != 0) ||
		command_start(command, &flight->outlet, call->index, &flight->child, &err) != 0) {
		async_done(call, worker_fail(call->worker, "%s", err.text));
		return;
	}
	uv_poll_init(call->loop, &flight->ended, flight->child.pidfd);
	flight->ended.data = call;
	uv_poll_start(&flight->ended, UV_READABLE, on_ended);
}

/* ---- the table ---- */

static int check(const void *given, struct err *err)
{
	const struct params *params = given;
	if (!params->command.count || !*params->command.items[0].text)
		return err_set(err, "exec has no command; write command: [PROGRAM, ARGUMENT, …]");
	for (size_t i = 0; i < params->environment.count; i++) {
		const char *pair = params->environment.items[i].text;
		const char *equals = strchr(pair, '=');
		if (!equals || equals == pair)
			return err_set(err, "'%.60s' in environment is not NAME=VALUE", pair);
	}
	return 0;
}

/* /dev/null, both ends of a pipe and a pidfd; the command's own process, and the guard. */
static void needs(const struct job *job, struct needs *needs)
{
	(void)job;
	needs->descriptors_per_worker = 4;
	needs->processes_per_worker = 1;
	needs->processes_per_run = 1;
}

static const struct option params[] = {
	{
		.name = "command",
		.type = OPTION_TEXT,
		.list = true,
		.offset = offsetof(struct params, command),
		.example = "[sleep, 0.01]",
		.help = "the program, by its path or looked for on PATH, and its arguments; no "
			"shell is involved",
	},
	{
		.name = "environment",
		.type = OPTION_TEXT,
		.list = true,
		.offset = offsetof(struct params, environment),
		.example = "[LANG=C]",
		.help = "variables as NAME=VALUE, added to those that conrun itself was given",
	},
	{
		.name = "folder",
		.type = OPTION_TEXT,
		.offset = offsetof(struct params, folder),
		.fallback = ".",
		.help = "where the command runs, seen from the scenario's folder",
	},
	{
		.name = "exit_code",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, exit_code),
		.fallback = "0",
		.min = "0",
		.max = "255",
		.help = "what the command must exit with; any other fails the task",
	},
	{
		.name = "output",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, output),
		.fallback = "discard",
		.choices = outputs,
		.help = "what it writes: discard, but a failed task's error has the last line of "
			"stderr; show on conrun's stderr; keep in files",
	},
	{
		.name = "output_folder",
		.type = OPTION_TEXT,
		.offset = offsetof(struct params, output_folder),
		.fallback = "output",
		.when = "output=keep",
		.help = "where task-N.txt are, seen from the scenario's folder; each run "
			"replaces those of the one before",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_USER_S] = {.name = "command_user_s",
		.help = "CPU time that the commands took, and what they waited for"},
	[METRIC_SYS_S] = {.name = "command_sys_s",
		.help = "CPU time that the kernel took for them"},
	[METRIC_MAX_RSS_BYTES] = {.name = "command_max_rss_bytes",
		.help = "the most memory that any one command had in use, or the process that "
			"started it, if that was more",
		.merge = METRIC_MAX},
	{.name = NULL},
};

const struct workload workload_exec = {
	.name = "exec",
	.group = GROUP_GIVEN,
	.summary = "runs any command: other programs beside conrun's own workloads",
	.operation = "starts the command, waits for its end and looks at its exit code",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct place),
	.runs_programs = true,
	.needs = needs,
	.check = check,
	.setup = setup,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
	.teardown = teardown,
	.async_bytes = sizeof(struct flight),
	.async_start = async_start,
};
