/* See resume.h. */
#include "commands/resume.h"

#include "base/memory.h"
#include "report/anonymous.h"
#include "report/machine.h"
#include "report/scenario_json.h"
#include "report/versions.h"
#include "review/find.h"
#include "review/hosts.h"

#include <stdio.h>
#include <string.h>

static void note(const char *scenario, const char *text)
{
	fprintf(stderr, "conrun: note: %s: %s\n", scenario, text);
}

static bool is_unfinished(const json_t *run)
{
	const json_t *outcome = json_object_get(run, "outcome");
	return !json_is_object(outcome) || json_is_true(json_object_get(outcome, "interrupted")) ||
	       json_is_true(json_object_get(outcome, "out_of_budget"));
}

/* What the command line asked then it asks now. */
static bool is_asked_alike(const json_t *run, const struct scenario *scenario)
{
	json_t *asked = asked_json(scenario);
	anonymous_json(asked);
	bool alike = json_equal(asked, json_object_get(run, "asked"));
	json_decref(asked);
	return alike;
}

/* Between two parts of a session there may have been others, of some cells for instance. */
static bool fits(const char *folder, const void *scenario)
{
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/run.json", folder);
	json_t *run = json_load_file(text_get(&path), 0, NULL);
	bool alike = is_asked_alike(run, scenario);
	json_decref(run);
	text_release(&path);
	return alike;
}

/* What makes the session's figures ones of another program, machine or choice; "" if nothing. */
static void add_differences(const json_t *run, const struct scenario *scenario, struct text *out)
{
	struct text others;
	json_t *current =
		json_pack("{soso}", "machine", machine_json(), "versions", versions_json());
	const char *binary =
		json_string_value(json_object_get(json_object_get(run, "versions"), "binary"));
	const char *own =
		json_string_value(json_object_get(json_object_get(current, "versions"), "binary"));
	text_init(&others);
	hosts_compare(run, current, out, &others);
	if (!binary || !own || strcmp(binary, own) != 0)
		text_addf(out, "%sanother build of conrun", out->length ? ", " : "");
	if (!is_asked_alike(run, scenario))
		text_addf(out, "%sother --set, --filter or --repeat", out->length ? ", " : "");
	text_release(&others);
	json_decref(current);
}

/* Its newest session can be gone on with. */
static bool is_usable(struct resume *resume, const struct plan *plan, const json_t *run)
{
	const char *name = plan->scenario->name;
	struct text differences;
	text_init(&differences);
	bool usable = false;
	if (journal_is_written(resume->folder)) {
		note(name, "the newest session is still going on; a new one begins");
	} else if (!run) {
		note(name, "the newest session has no run.json that can be read; a new one begins");
	} else {
		add_differences(run, plan->scenario, &differences);
		usable = !differences.length;
		if (!usable)
			fprintf(stderr,
				"conrun: note: %s: the runs of '%s' are of another kind (%s); a "
				"new "
				"session begins\n",
				name, resume->folder, text_get(&differences));
	}
	text_release(&differences);
	return usable;
}

static bool find_run(const struct resume *resume, const struct experiment *experiment,
	int32_t round, struct result *result, uint64_t *started_unix_ns)
{
	uint64_t started;
	if (!journal_find(&resume->journal, experiment, round, result, &started))
		return false;
	/* What Ctrl-C broke off is not what the experiment came to. */
	bool good = result->status == STATUS_OK ||
		    (!resume->only_ok && result->status != STATUS_INTERRUPTED);
	if (good)
		*started_unix_ns = started;
	else
		result_clear(result);
	return good;
}

/* All rounds that must be made were made. */
static bool is_warm(const struct resume *resume, const struct experiment *experiment,
	struct result *result, uint64_t *started_unix_ns)
{
	bool all = true;
	for (uint32_t round = 0; all && round < experiment->repeat_least; round++)
		all = find_run(resume, experiment, (int32_t)round, result, started_unix_ns);
	result_clear(result);
	return all;
}

/* Word for word: what was asked alike and reads alike is the same plan. */
static bool is_same_text(const json_t *run, const struct scenario *scenario)
{
	json_t *own =
		json_pack("{so}", "text", json_stringn(scenario->text, scenario->text_length));
	anonymous_json(own);
	bool same = json_equal(json_object_get(own, "text"),
		json_object_get(json_object_get(run, "scenario"), "text"));
	json_decref(own);
	return same;
}

static bool has_all(const struct resume *resume, const struct plan *plan)
{
	struct result result;
	uint64_t started_unix_ns;
	bool all = true;
	result_init(&result);
	for (uint32_t i = 0; all && i < plan->experiment_count; i++)
		all = is_warm(resume, &plan->experiments[i], &result, &started_unix_ns);
	result_release(&result);
	return all;
}

/* A finished session stays as it is: what was not part of it does not come into its folder. */
static void tell(struct resume *resume, const struct plan *plan, const json_t *run)
{
	const char *name = plan->scenario->name;
	bool finished = !is_unfinished(run), same = is_same_text(run, plan->scenario);
	bool all = finished && same && has_all(resume, plan);
	resume->on = all || !finished || resume->only_ok;
	if (all)
		fprintf(stderr,
			"conrun: note: %s: '%s' is finished, and all its runs are kept; "
			"without %s a new session begins\n",
			name, resume->folder, resume->only_ok ? "--rerun" : "--resume");
	else if (!resume->on)
		note(name, same ? "the newest session is finished; a new one begins"
				: "the newest session is finished, and the scenario has changed "
				  "since; a new one begins");
	else
		fprintf(stderr, "conrun: note: %s: going on with '%s', where %zu runs are kept\n",
			name, resume->folder, resume->journal.count);
}

int resume_open(struct resume *resume, const struct plan *plan, const struct invocation *invocation,
	struct err *err)
{
	*resume = (struct resume){.on = false};
	arena_init(&resume->arena);
	text_init(&resume->journal.bytes);
	resume->only_ok = invocation_has(invocation, FLAG_RERUN);
	if (!resume->only_ok && !invocation_has(invocation, FLAG_RESUME))
		return 0;
	const char *name = plan->scenario->name;
	const char *output = invocation_value(invocation, FLAG_OUTPUT);
	resume->folder = find_newest(name, output, fits, plan->scenario, &resume->arena);
	if (!resume->folder)
		resume->folder = find_newest(name, output, NULL, NULL, &resume->arena);
	if (!resume->folder) {
		note(name, "there is no session to go on with; a new one begins");
		return 0;
	}
	json_t *run = json_load_file(
		arena_format(&resume->arena, "%s/run.json", resume->folder), 0, NULL);
	resume->on = is_usable(resume, plan, run);
	int failed = resume->on ? journal_open(&resume->journal, resume->folder, err) : 0;
	if (resume->on && !failed)
		tell(resume, plan, run);
	json_decref(run);
	return failed;
}

void resume_release(struct resume *resume)
{
	journal_release(&resume->journal);
	arena_release(&resume->arena);
}

bool resume_take(const struct resume *resume, const struct plan *plan,
	const struct planned_run *run, struct result *result, uint64_t *started_unix_ns)
{
	const struct experiment *experiment = &plan->experiments[run->experiment];
	if (!resume->on)
		return false;
	if (run->round < 0)
		return is_warm(resume, experiment, result, started_unix_ns);
	return find_run(resume, experiment, run->round, result, started_unix_ns);
}
