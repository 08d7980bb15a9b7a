/*
 * run.json: all that one needs to judge or to repeat the session — the scenario as it was
 * resolved and as it was written, the command line, versions, machine, limits, clock. Written
 * when the session begins and again, with its end, when it ends. results/run.schema.json describes
 * it; a new member needs its line there.
 */
#include "measure/clock.h"
#include "report/anonymous.h"
#include "report/disturbed.h"
#include "report/extras.h"
#include "report/file.h"
#include "report/machine.h"
#include "report/registry.h"
#include "report/scenario_json.h"
#include "report/utc.h"
#include "report/utf8.h"
#include "report/verdict.h"
#include "report/versions.h"

#include <stdlib.h>
#include <string.h>

struct run_json {
	const struct session *session;
	char *path;
};

static json_t *utc_json(uint64_t unix_ns)
{
	struct text stamp;
	text_init(&stamp);
	utc_format(unix_ns, UTC_MILLISECONDS, &stamp);
	json_t *json = json_string(text_get(&stamp));
	text_release(&stamp);
	return json;
}

static json_t *arguments_json(const struct session *session)
{
	json_t *json = json_array();
	for (int i = 0; i < session->argc; i++)
		json_array_append_new(json, utf8_json(session->argv[i]));
	return json;
}

static json_t *plan_json(const struct plan *plan)
{
	json_t *json = json_object();
	json_object_set_new(json, "experiments", json_integer(plan->experiment_count));
	json_object_set_new(json, "runs", json_integer((json_int_t)plan->run_count));
	json_object_set_new(json, "merged", json_integer((json_int_t)plan->merged));
	json_object_set_new(json, "excluded", json_integer((json_int_t)plan->excluded));
	json_object_set_new(json, "filtered", json_integer((json_int_t)plan->filtered));
	return json;
}

static json_t *clock_json(void)
{
	json_t *json = json_object();
	json_object_set_new(json, "source", json_string(clock_name()));
	json_object_set_new(json, "cost_ns", json_real(clock_used.cost_ns));
	return json;
}

static json_t *expectations_json(const struct expectations *expectations)
{
	json_t *array = json_array();
	for (size_t i = 0; i < expectations->count; i++) {
		const struct expectation *expectation = &expectations->items[i];
		const char *name = expectation->expect->name;
		json_t *json = json_object();
		json_object_set_new(json, "name", name ? utf8_json(name) : json_null());
		json_object_set_new(json, "that", utf8_json(expectation->expect->that));
		json_object_set_new(json, "line", json_integer(expectation->expect->place.line));
		json_object_set_new(json, "rows", json_integer(expectation->judged));
		json_object_set_new(json, "failed", json_integer(expectation->failed));
		json_object_set_new(json, "not_run", json_integer(expectation->not_run));
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *hooks_json(const struct extras *extras)
{
	json_t *array = json_array();
	for (size_t i = 0; i < extras->hooks.count; i++) {
		const struct hook_run *run = &extras->hooks.items[i];
		json_t *json = json_object(), *columns = json_object();
		for (size_t k = 0; k < run->script.column_count; k++)
			json_object_set_new(columns, run->script.columns[k].name,
				utf8_json(run->script.columns[k].help));
		json_object_set_new(json, "name", utf8_json(run->hook->name));
		json_object_set_new(json, "columns", columns);
		json_object_set_new(
			json, "error", run->failed ? utf8_json(run->err.text) : json_null());
		json_array_append_new(array, json);
	}
	return array;
}

/* For readers of the files, who have no rules for who won and what disturbed. */
static json_t *verdicts_json(const struct summary *summary)
{
	struct verdict verdicts[VERDICTS_MOST];
	size_t count = verdict_make(summary, verdicts);
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		struct text sentence;
		text_init(&sentence);
		verdict_sentence(summary, &verdicts[i], &sentence);
		if (sentence.length)
			json_array_append_new(array, utf8_json(text_get(&sentence)));
		text_release(&sentence);
	}
	return array;
}

static json_t *noise_json(const struct summary *summary)
{
	struct text line;
	text_init(&line);
	disturbed_text(summary, &line);
	json_t *json = line.length ? utf8_json(text_get(&line)) : json_null();
	text_release(&line);
	return json;
}

/* How many experiments ended how. */
static json_t *outcome_json(const struct session *session, const struct summary *summary)
{
	uint64_t counts[STATUS_COUNT] = {0};
	for (uint32_t i = 0; i < summary->count; i++)
		counts[summary->rows[i].status]++;
	json_t *statuses = json_object();
	for (enum status status = 0; status < STATUS_COUNT; status++)
		json_object_set_new(
			statuses, status_name(status), json_integer((json_int_t)counts[status]));
	json_t *json = json_object();
	json_object_set_new(json, "ended_utc", utc_json(utc_now_ns()));
	json_object_set_new(json, "interrupted", json_boolean(session->interrupted));
	json_object_set_new(json, "out_of_budget", json_boolean(session->out_of_budget));
	json_object_set_new(json, "experiments", statuses);
	json_object_set_new(json, "verdicts", verdicts_json(summary));
	json_object_set_new(json, "noise", noise_json(summary));
	json_object_set_new(json, "expect", expectations_json(&session->extras->expectations));
	json_object_set_new(json, "hooks", hooks_json(session->extras));
	return json;
}

static json_t *session_json(const struct session *session, const struct summary *summary)
{
	json_t *json = json_object();
	json_object_set_new(json, "arguments", arguments_json(session));
	json_object_set_new(json, "asked", asked_json(session->plan->scenario));
	json_object_set_new(json, "started_utc", utc_json(session->started_unix_ns));
	json_object_set_new(
		json, "outcome", summary ? outcome_json(session, summary) : json_null());
	json_object_set_new(json, "versions", versions_json());
	json_object_set_new(json, "plugins", versions_plugins_json());
	json_object_set_new(json, "machine", machine_json());
	json_object_set_new(json, "clock", clock_json());
	json_object_set_new(json, "plan", plan_json(session->plan));
	json_object_set_new(json, "scenario", scenario_json(session->plan->scenario));
	anonymous_json(json);
	return json;
}

static int write_json(struct run_json *run, const struct summary *summary, struct err *err)
{
	struct file file;
	if (file_create(&file, run->path, err))
		return -1;
	json_t *json = session_json(run->session, summary);
	char *text = json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
	json_decref(json);
	int result = text ? file_add(&file, text, strlen(text), err)
			  : err_set(err, "cannot write '%s': out of memory", run->path);
	free(text);
	if (!result)
		result = file_add(&file, "\n", 1, err);
	if (!result)
		return file_commit(&file, err);
	file_abandon(&file);
	return result;
}

static void end(void *state)
{
	struct run_json *run = state;
	free(run->path);
	free(run);
}

static int begin(const struct session *session, void **state, struct err *err)
{
	struct run_json *run = memory_alloc(sizeof(*run));
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/run.json", session->folder);
	run->session = session;
	run->path = path.bytes; /* now owned here */
	if (write_json(run, NULL, err)) {
		end(run);
		return -1;
	}
	*state = run;
	return 0;
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	return write_json(state, summary, err);
}

const struct report report_run_json = {
	.name = "run.json",
	.summary = "the resolved scenario, versions, machine, limits and clock",
	.begin = begin,
	.finish = finish,
	.end = end,
};
