/* `conrun plan`: the cells of a scenario, how many runs they make, how long those may take. */
#include "plan/plan.h"

#include "commands/command.h"
#include "commands/explain.h"
#include "commands/prepare.h"
#include "report/human.h"
#include "report/last.h"
#include "report/screen.h"
#include "report/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CELLS_MOST = 200, WIDE = 200 };

typedef void cell_add(const struct plan *plan, const struct experiment *cell, struct text *out);

static void id(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	char text[18];
	(void)plan;
	text_add(out, plan_id(cell, text));
}

static void executor(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	text_add(out, cell->executor->label);
}

static void workers(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	text_addf(out, "%" PRIu32, cell->workers);
}

static void tasks(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	if (cell->tasks)
		text_addf(out, "%" PRIu64, cell->tasks);
}

static void runtime(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	if (cell->runtime_ns)
		option_format_duration((int64_t)cell->runtime_ns, out);
}

static void rate(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	union value value = {.number = cell->rate};
	if (cell->rate > 0)
		option_format(&load_options[LOAD_RATE], value, out);
}

static void arrival(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	union value value = {.integer = cell->arrival};
	if (cell->rate > 0)
		option_format(&load_options[LOAD_ARRIVAL], value, out);
}

static void runs(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	if (cell->repeat_least < cell->repeat)
		text_addf(out, "%" PRIu32 "–", cell->repeat_least);
	text_addf(out, "%" PRIu32, cell->repeat);
	if (cell->warmup)
		text_addf(out, " +%" PRIu32, cell->warmup);
}

static void timeout(const struct plan *plan, const struct experiment *cell, struct text *out)
{
	(void)plan;
	option_format_duration((int64_t)cell->timeout_ns, out);
}

static const struct {
	const char *title;
	int keep;
	bool left;
	cell_add *add;
} columns[] = {
	{"experiment", 10, true, id},
	{"workload", TABLE_ALWAYS, true, plan_workload_label},
	{"executor", TABLE_ALWAYS, true, executor},
	{"workers", TABLE_ALWAYS, false, workers},
	{"tasks", 90, false, tasks},
	{"runtime", 90, false, runtime},
	{"rate", 90, false, rate},
	{"arrival", 85, true, arrival},
	{"runs", 80, false, runs},
	{"timeout", 50, false, timeout},
};

enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

static void print_cells(const struct plan *plan, uint32_t count)
{
	struct table table;
	struct text text;
	table_init(&table);
	text_init(&text);
	for (size_t k = 0; k < COLUMNS; k++)
		table_column(&table, columns[k].title, columns[k].keep, columns[k].left);
	for (uint32_t i = 0; i < count; i++)
		for (size_t k = 0; k < COLUMNS; k++) {
			text_clear(&text);
			columns[k].add(plan, &plan->experiments[i], &text);
			table_cell(&table, text_get(&text), TABLE_PLAIN);
		}
	text_clear(&text);
	table_print(&table, screen_width(STDOUT_FILENO, WIDE), false, &text);
	fputs(text_get(&text), stdout);
	if (count < plan->experiment_count)
		printf("… %" PRIu32 " more; --all prints them\n", plan->experiment_count - count);
	text_release(&text);
	table_release(&table);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void print_counts(const struct plan *plan)
{
	uint64_t warmups = 0, spare = 0;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		warmups += plan->experiments[i].warmup;
		spare += plan->experiments[i].repeat - plan->experiments[i].repeat_least;
	}
	printf("\n%" PRIu32 " experiment%s, ", plan->experiment_count,
		plural(plan->experiment_count));
	if (spare)
		printf("%" PRIu64 "–", plan->run_count - spare);
	printf("%" PRIu64 " run%s", plan->run_count, plural(plan->run_count));
	if (warmups)
		printf(", %" PRIu64 " of them warm-up%s", warmups, plural(warmups));
	printf("\n");
	if (plan->merged)
		printf("%" PRIu64 " cell%s merged into an equal one (an executor that ignores "
		       "workers, or the same values twice)\n",
			plan->merged, plural(plan->merged));
	if (plan->excluded)
		printf("%" PRIu64 " cell%s excluded\n", plan->excluded, plural(plan->excluded));
	if (plan->filtered)
		printf("%" PRIu64 " cell%s filtered out\n", plan->filtered, plural(plan->filtered));
	if (plan->scenario->reading.quick)
		printf("quick: one short round; what the scenario expects is not judged\n");
}

/* `estimate: 1m 32s from …; 3 of 36 runs unknown; at most 36m 0s (timeouts)` */
static void print_estimate(const struct plan *plan, const uint64_t *last_ns)
{
	struct estimate estimate;
	struct text text;
	text_init(&text);
	plan_estimate(plan, last_ns, &estimate);
	text_add(&text, "estimate: ");
	if (estimate.unknown_runs < plan->run_count) {
		human_span(&text, estimate.known_ns);
		text_add(&text, last_ns ? " from the last run's figures and known times; "
					: " from known times; ");
	}
	if (estimate.unknown_runs)
		text_addf(&text, "%" PRIu64 " of %" PRIu64 " runs unknown; ", estimate.unknown_runs,
			plan->run_count);
	text_add(&text, "at most ");
	human_span(&text, estimate.most_ns);
	text_add(&text, plan->scenario->budget_ns ? " (timeouts, budget)" : " (timeouts)");
	printf("%s\n", text_get(&text));
	text_release(&text);
}

static void print_plan(const struct plan *plan, const struct invocation *invocation)
{
	uint32_t count = plan->experiment_count;
	if (count > CELLS_MOST && !invocation_has(invocation, FLAG_ALL))
		count = CELLS_MOST;
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/%s.csv", invocation_value(invocation, FLAG_OUTPUT),
		plan->scenario->name);
	uint64_t *last_ns = last_read(plan, text_get(&path));
	printf("%s\n", plan->scenario->name);
	print_cells(plan, count);
	print_counts(plan);
	print_estimate(plan, last_ns);
	free(last_ns);
	text_release(&path);
}

static void print_plans(const struct prepared_list *list, const struct invocation *invocation)
{
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			printf("\n");
		print_plan(&list->items[i].plan, invocation);
	}
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	struct inputs inputs;
	struct prepared_list list = {0};
	const char *cell = invocation_value(invocation, FLAG_EXPLAIN);
	int failed = inputs_make(&inputs, invocation, err);
	if (cell && explain_is_rule(cell))
		inputs.reading.cell = cell;
	failed = failed || prepare_all(&list, &inputs);
	if (!failed && cell)
		failed = explain(&list, cell, err);
	else if (!failed)
		print_plans(&list, invocation);
	prepared_list_release(&list);
	inputs_release(&inputs);
	return failed ? EXIT_USAGE : EXIT_OK;
}

static const struct example examples[] = {
	{"conrun plan scenarios/io_1000.yaml", "the cells, and how long they may take"},
	{"conrun plan scenarios/*.yaml --all", "every cell of every scenario"},
	{"conrun plan scenarios/gil.yaml --filter 'workload=count gil=true'",
		"what would a filter leave?"},
	{"conrun plan scenarios/gil.yaml --explain 'workload=count gil=true workers=4'",
		"why does a cell have these values?"},
	{NULL, NULL},
};

const struct command command_plan = {
	.name = "plan",
	.usage = "FILE…",
	.summary = "show what a scenario would run and how long it may take",
	.help = "Prints the cells, their number, and an estimate from the figures of the last "
		"run\n"
		"and from times that the scenario fixes. Nothing is run. --set, --filter, --quick "
		"and\n"
		"--repeat do what they do for 'conrun run'.\n"
		"\n"
		"--explain says of one cell where each of its values comes from: a place in the "
		"file,\n"
		"an option of the command line, or the default. CELL is an experiment's id or its\n"
		"beginning, or words as --filter takes them.\n",
	.flags = FLAG_BIT(FLAG_ALL) | FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_DRY_RUN) |
		 FLAG_BIT(FLAG_ALLOW_EXEC) | FLAG_BIT(FLAG_PLUGIN) | FLAG_BIT(FLAG_EXPLAIN) |
		 INPUTS_FLAGS,
	.examples = examples,
	.operands = WORDS_SCENARIOS,
	.operands_least = 1,
	.operands_most = (size_t)-1,
	.run = run,
};
