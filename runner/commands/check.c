/* `conrun check`: what is wrong with scenarios, and what is odd about them; nothing is run. */
#include "advice/advice.h"
#include "commands/command.h"
#include "commands/diag_json.h"
#include "commands/findings.h"
#include "commands/inputs.h"
#include "commands/prepare.h"
#include "report/last.h"
#include "report/screen.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct named { /* a scenario that was found to be good */
	const char *name, *path;
};

struct checking {
	const struct invocation *invocation;
	struct inputs inputs;
	json_t *json;        /* of all files; NULL: text is asked for */
	struct named *named; /* as many as there are inputs */
	size_t named_count;
	size_t wrong, left; /* files; those of them that have cells */
	bool refused;       /* what the command line asks of good files */
};

/* ---- one scenario ---- */

static uint64_t *read_last(const struct checking *checking, const struct plan *plan)
{
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/%s.csv", invocation_value(checking->invocation, FLAG_OUTPUT),
		plan->scenario->name);
	uint64_t *last_ns = last_read(plan, text_get(&path));
	text_release(&path);
	return last_ns;
}

/* Two scenarios of one name each write over what the other has left. */
static void look_at_name(
	struct checking *checking, const struct scenario *scenario, struct diag *diag)
{
	struct named own = {arena_text(&checking->inputs.arena, scenario->name),
		arena_text(&checking->inputs.arena, scenario->path)};
	for (size_t i = 0; i < checking->named_count; i++) {
		if (strcmp(checking->named[i].name, own.name) != 0)
			continue;
		diag_warning(diag, scenario->name_at,
			"'%s' is the name of '%s', too; the newest results of one replace the "
			"other's",
			own.name, checking->named[i].path);
		diag_note(diag, "give one of them another: name: …");
		break;
	}
	checking->named[checking->named_count++] = own;
}

static void add_advice(
	struct checking *checking, const struct prepared *prepared, const struct diag_sink *sink)
{
	struct arena arena;
	struct diag diag;
	uint64_t *last_ns = read_last(checking, &prepared->plan);
	arena_init(&arena);
	scenario_diag(&prepared->scenario, &arena, &diag);
	advise(&prepared->extras, last_ns, &diag);
	look_at_name(checking, &prepared->scenario, &diag);
	diag_publish(&diag, sink);
	diag_release(&diag);
	arena_release(&arena);
	free(last_ns);
}

/* ---- what is said of it ---- */

static void add_count(struct text *out, uint64_t count, const char *what)
{
	if (count > 0)
		text_addf(out, ", %" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

/* `scenarios/gil.yaml: ok, 12 experiments, 36 runs, 1 note` */
static void add_verdict(
	struct findings *findings, uint64_t experiments, uint64_t runs, struct text *out)
{
	struct diag *diag = &findings->diag;
	diag_add_visible(diag->path, strlen(diag->path), out);
	text_addf(out, ": %s", diag->errors > 0 ? "wrong" : "ok");
	add_count(out, experiments, "experiment");
	add_count(out, runs, "run");
	for (int severity = 0; severity < SEVERITIES; severity++)
		add_count(out, findings_count(findings, (enum severity)severity),
			severity_names[severity]);
	text_add(out, "\n");
}

static void print(const struct checking *checking, struct findings *findings, uint64_t experiments,
	uint64_t runs)
{
	struct text out;
	if (checking->json) {
		diag_add_json(&findings->diag, checking->json);
		return;
	}
	text_init(&out);
	diag_format(&findings->diag, screen_has_colour(STDOUT_FILENO), &out);
	if (!invocation_has(checking->invocation, FLAG_QUIET) && !checking->refused)
		add_verdict(findings, experiments, runs, &out);
	fputs(text_get(&out), stdout);
	text_release(&out);
}

static void check_file(struct checking *checking, const char *path)
{
	struct findings findings;
	struct prepared prepared;
	uint64_t experiments = 0, runs = 0;
	findings_init(&findings, path);
	checking->inputs.reading.sink = &findings.sink;
	int result = prepare(&prepared, path, &checking->inputs.reading);
	checking->left += result == 0;
	if (result == 0) {
		experiments = prepared.plan.experiment_count;
		runs = prepared.plan.run_count;
		add_advice(checking, &prepared, &findings.sink);
		prepared_release(&prepared);
	}
	checking->wrong += result < 0;
	print(checking, &findings, experiments, runs);
	findings_release(&findings);
}

/* ---- all of them ---- */

static void print_all(const struct checking *checking)
{
	size_t count = checking->inputs.count;
	if (checking->json) {
		json_dumpf(checking->json, stdout, JSON_INDENT(2));
		putchar('\n');
	} else if (count > 1 && !checking->refused &&
		   !invocation_has(checking->invocation, FLAG_QUIET)) {
		printf("%zu files: %zu ok, %zu wrong\n", count, count - checking->wrong,
			checking->wrong);
	}
}

/* Filters that are right for none of several files; each of them alone may be without a cell. */
static void check_filters(struct checking *checking)
{
	struct findings findings;
	if (checking->wrong > 0)
		return;
	findings_init(&findings, inputs_again(&checking->inputs));
	checking->inputs.reading.sink = &findings.sink;
	checking->refused = prepare_explain(&checking->inputs, checking->left) != 0;
	if (checking->refused)
		print(checking, &findings, 0, 0);
	findings_release(&findings);
}

static void check_all(struct checking *checking)
{
	checking->named = memory_alloc(checking->inputs.count * sizeof(*checking->named));
	for (size_t i = 0; i < checking->inputs.count; i++)
		check_file(checking, checking->inputs.paths[i]);
	check_filters(checking);
	free(checking->named);
}

/* Of the command line itself: who asks for JSON reads nothing else. */
static void tell_as_json(const struct checking *checking, struct err *err)
{
	struct findings findings;
	findings_init(&findings, NULL);
	diag_err(&findings.diag, (struct place){0}, err);
	diag_add_json(&findings.diag, checking->json);
	findings_release(&findings);
	*err = (struct err){.text = ""};
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	struct checking checking = {.invocation = invocation};
	if (invocation_has(invocation, FLAG_JSON))
		checking.json = json_array();
	checking.refused = inputs_make(&checking.inputs, invocation, err) != 0;
	if (!checking.refused)
		check_all(&checking);
	else if (checking.json)
		tell_as_json(&checking, err);
	print_all(&checking);
	json_decref(checking.json);
	inputs_release(&checking.inputs);
	return checking.refused || checking.wrong > 0 ? EXIT_USAGE : EXIT_OK;
}

static const struct example examples[] = {
	{"conrun check scenarios/gil.yaml", "is it right, and is anything odd about it?"},
	{"conrun check scenarios", "all scenarios of a folder"},
	{"conrun check --quiet scenarios/*.yaml", "for a commit hook or CI: problems only"},
	{"conrun check --json scenarios/gil.yaml", "for an editor"},
	{"conrun check scenarios/gil.yaml --set 'workers=[1,100000]'",
		"is there room for so many?"},
	{NULL, NULL},
};

static const struct flag_use uses[] = {
	{FLAG_OUTPUT, "where the last run's times are looked for", NULL},
	{FLAG_QUIET, "what is wrong or odd, and nothing else", NULL},
	{FLAG_ALLOW_EXEC, "check as if it were run so: programs, scripts that use files", NULL},
	{.help = NULL},
};

const struct command command_check = {
	.name = "check",
	.usage = "FILE…",
	.summary = "find what is wrong in scenarios, and what is odd; run nothing",
	.help = "Reads each FILE as a run would, and writes all that a run would refuse as\n"
		"  file:line:column: error: what is wrong\n"
		"with the line, a caret, and what is allowed or was probably meant. Of what is "
		"right,\n"
		"it warns where the scenario most likely does not do what it says: rules that "
		"match\n"
		"no cell; parameters without effect, such as switch_interval without gil; "
		"workloads,\n"
		"executors, includes and workers that add no cell, or that the excludes leave "
		"none\n"
		"of; workers without a task; overrides, hooks and expectations that change "
		"nothing;\n"
		"programs that are not on the PATH; cells that a limit of this system would skip, "
		"or\n"
		"that need a library which is missing; runs longer than their timeout, or over "
		"before\n"
		"any task is; a plan longer than its budget, by the last run's times; "
		"expectations\n"
		"about an interval that so few runs do not give.\n"
		"A note is worth knowing and nothing to mend.\n"
		"\n"
		"--json writes an array of objects with file, line, column, end_column (the first\n"
		"column behind it), severity (error, warning, note), message, note, and source: "
		"what\n"
		"line and column are in, the file or an option such as --set. Lines and columns "
		"count\n"
		"from 1, columns in characters; null is what there is not. Of more than 100 in a "
		"file\n"
		"the last one says how many more there are.\n"
		"\n"
		"Exit code: 0 no error, whatever warnings there are; 2 a scenario or the command "
		"line\n"
		"is wrong.\n",
	.examples = examples,
	.flags = INPUTS_FLAGS | FLAG_BIT(FLAG_JSON) | FLAG_BIT(FLAG_QUIET) | FLAG_BIT(FLAG_OUTPUT) |
		 FLAG_BIT(FLAG_ALLOW_EXEC) | FLAG_BIT(FLAG_PLUGIN),
	.uses = uses,
	.operands = WORDS_SCENARIOS,
	.operands_least = 1,
	.operands_most = (size_t)-1,
	.run = run,
};
