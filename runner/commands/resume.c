/* See resume.h. */
#include "commands/resume.h"

#include "base/memory.h"
#include "report/machine.h"
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

/* What makes the session's figures ones of another program or machine; "" if nothing. */
static void add_differences(const json_t *run, struct text *out)
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
	} else if (!resume->only_ok && !is_unfinished(run)) {
		note(name, "the newest session is finished; a new one begins");
	} else {
		add_differences(run, &differences);
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

int resume_check(const struct invocation *invocation, struct err *err)
{
	const char *which = invocation_value(invocation, FLAG_RERUN);
	if (which && strcmp(which, "failed") != 0)
		return err_set(err, "unknown value '%s' for '--rerun'; allowed: failed", which);
	return 0;
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
	const char *output = invocation_value(invocation, FLAG_OUTPUT);
	resume->folder = find_newest(plan->scenario->name, output, &resume->arena);
	if (!resume->folder) {
		note(plan->scenario->name, "there is no session to go on with; a new one begins");
		return 0;
	}
	json_t *run = json_load_file(
		arena_format(&resume->arena, "%s/run.json", resume->folder), 0, NULL);
	resume->on = is_usable(resume, plan, run);
	json_decref(run);
	if (!resume->on)
		return 0;
	if (journal_open(&resume->journal, resume->folder, err) != 0)
		return -1;
	fprintf(stderr, "conrun: note: %s: going on with '%s', where %zu runs are kept\n",
		plan->scenario->name, resume->folder, resume->journal.count);
	return 0;
}

void resume_release(struct resume *resume)
{
	journal_release(&resume->journal);
	arena_release(&resume->arena);
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
