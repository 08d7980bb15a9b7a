/* The tables of plain values, and the sections that consist of those or of rules. */
#include "scenario/check.h"
#include "scenario/rules.h"

#include <inttypes.h>
#include <string.h>

static const char *const orders[] = {"shuffle", "interleave", "batch", NULL};
static const char *const arrivals[] = {"constant", "poisson", NULL};

/* What both the scenario and an override's `set` have. */
#define TASKS                                                                                      \
	.name = "tasks", .type = OPTION_INTEGER, .min = "1", .max = "1000000000000",               \
	.help = "tasks of one run"
#define RUNTIME                                                                                    \
	.name = "runtime", .type = OPTION_DURATION, .min = "1ms", .max = "1000h",                  \
	.help = "instead of tasks: as many as fit; with a rate: how long tasks arrive"
#define RATE                                                                                       \
	.name = "rate", .type = OPTION_RATE, .min = "0.001/s", .max = "10000000/s",                \
	.help = "tasks arrive so often, whether or not a worker is free"
#define RUNS   .type = OPTION_INTEGER, .max = "1000000"
#define REPEAT RUNS, .name = "repeat", .min = "1", .help = "runs of each experiment"
#define WARMUP                                                                                     \
	.name = "warmup", .type = OPTION_INTEGER, .min = "0", .max = "1000000",                    \
	.help = "runs before those, without figures"
#define TIMEOUT                                                                                    \
	.name = "timeout", .type = OPTION_DURATION, .min = "1ms", .max = "1000h",                  \
	.help = "the longest that one run may take"

#define AT(object, member) .offset = offsetof(struct object, member)

const struct option workers_option = {.name = "workers",
	.type = OPTION_INTEGER,
	.fallback = "ncpu",
	.min = "1",
	.max = "1000000",
	.help = "the most tasks in flight at once"};

const struct option load_options[] = {
	[LOAD_TASKS] = {TASKS, .fallback = "100"},
	[LOAD_RUNTIME] = {RUNTIME},
	[LOAD_RATE] = {RATE},
	[LOAD_ARRIVAL] = {.name = "arrival",
		.type = OPTION_ENUM,
		.fallback = "constant",
		.choices = arrivals,
		.help = "with a rate: at equal distances, or at random ones from the seed"},
	OPTION_END,
};

const struct option scenario_settings[] = {
	{.name = "description",
		.type = OPTION_TEXT,
		.fallback = "",
		AT(scenario, description),
		.help = "what it asks, in a sentence"},
	{WARMUP, .fallback = "0", AT(scenario, warmup)},
	{.name = "order",
		.type = OPTION_ENUM,
		.fallback = "shuffle",
		.choices = orders,
		AT(scenario, order),
		.help = "rounds in seeded random order, rounds as written, or all runs of one "
			"experiment before the next"},
	{.name = "seed",
		.type = OPTION_INTEGER,
		.fallback = "1",
		.min = "0",
		AT(scenario, seed),
		.help = "of the order and of the workloads' random numbers"},
	{TIMEOUT, .fallback = "60s", AT(scenario, timeout_ns)},
	{.name = "budget",
		.type = OPTION_DURATION,
		.fallback = "0",
		.max = "10000h",
		AT(scenario, budget_ns),
		.help = "the longest that all runs may take together; 0: no limit"},
	OPTION_END,
};

static const struct option set_options[] = {
	{TASKS, AT(settings, tasks)},
	{RUNTIME, AT(settings, runtime_ns)},
	{RATE, AT(settings, rate)},
	{REPEAT, AT(settings, repeat)},
	{WARMUP, AT(settings, warmup)},
	{TIMEOUT, AT(settings, timeout_ns)},
	OPTION_END,
};

static const struct option output_options[] = {
	{.name = "tasks",
		.type = OPTION_BOOL,
		.fallback = "false",
		AT(outputs, tasks),
		.help = "write tasks.csv, a row per task"},
	{.name = "trace",
		.type = OPTION_BOOL,
		.fallback = "false",
		AT(outputs, trace),
		.help = "write trace.json, for a trace viewer"},
	OPTION_END,
};

/* An interval of the median needs 6 runs, see stats/order_statistics.h. */
static const struct option repeats_options[] = {
	{RUNS, .name = "min", .fallback = "6", .min = "1", AT(repeats, min),
		.help = "the least runs"},
	{RUNS, .name = "max", .fallback = "30", .min = "6", AT(repeats, max), .help = "the most"},
	{.name = "until_ci",
		.type = OPTION_PERCENT,
		.min = "0.01%",
		.max = "100%",
		AT(repeats, until_ci),
		.help = "more are made until the median is known to within this share of it"},
	OPTION_END,
};

const struct option repeat_option = {REPEAT, .fallback = "3"};

static const struct key no_keys[] = {{0}};

const struct section repeats_section = {.what = "'repeat'",
	.keys = no_keys,
	.options = repeats_options,
	.take = section_take_value};

const struct section output_section = {
	.what = "'output'", .keys = no_keys, .options = output_options, .take = section_take_value};

void settings_defaults(struct scenario *scenario)
{
	enum { COUNT = sizeof(scenario_settings) / sizeof(scenario_settings[0]) };
	union value values[COUNT];
	for (size_t i = 0; scenario_settings[i].name; i++)
		values[i] = option_default(&scenario_settings[i]);
	option_store(scenario_settings, values, scenario);
	int64_t repeat = option_default(&repeat_option).integer;
	scenario->repeat = (struct repeats){repeat, repeat, 0};
}

static void read_fixed(struct check *check, const struct node *node, struct repeats *repeats)
{
	union value value;
	if (value_read(check, &repeat_option, node, &value))
		*repeats = (struct repeats){value.integer, value.integer, 0};
}

void repeats_read(struct check *check, const struct node *node, void *into)
{
	struct repeats *repeats = &((struct scenario *)into)->repeat;
	if (node->kind != NODE_MAP) {
		read_fixed(check, node, repeats);
		return;
	}
	repeats->min = option_default(&repeats_options[0]).integer;
	repeats->max = option_default(&repeats_options[1]).integer;
	section_read(check, &repeats_section, node, repeats);
	if (repeats->min > repeats->max)
		diag_error(check->diag, node->place,
			"min is %" PRId64 " and max is %" PRId64 "; max must not be less",
			repeats->min, repeats->max);
}

void output_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	section_read(check, &output_section, node, &scenario->output);
}

/* ---- the sections that hold rules ---- */

static void read_exclude(struct check *check, const struct node *node, void *into)
{
	struct rule **next = into;
	rule_read(check, node, "an exclude", (*next)++);
}

void excludes_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	size_t count = node->kind == NODE_LIST ? node->count : 1;
	struct rule *rules = arena_alloc(check->arena, count * sizeof(*rules));
	struct rule *next = rules;
	check_each(check, node, read_exclude, &next);
	scenario->excludes = rules;
	scenario->exclude_count = count;
}

void baseline_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	struct rule *rule = arena_alloc(check->arena, sizeof(*rule));
	rule_read(check, node, "'baseline'", rule);
	scenario->baseline = rule;
}

static void read_when(struct check *check, const struct node *node, void *into)
{
	struct override *override = into;
	rule_read(check, node, "'when'", &override->when);
}

static const struct section set_section = {.what = "'set'",
	.keys = no_keys,
	.options = set_options,
	.take = section_take_value,
	.partial = true};

static void read_set(struct check *check, const struct node *node, void *into)
{
	struct override *override = into;
	override->place = node->place;
	override->set = (struct settings){-1, -1, -1, -1, -1, -1};
	section_read(check, &set_section, node, &override->set);
	if (check->scenario->reading.repeat_fixed)
		override->set.repeat = -1;
	if (override->set.tasks >= 0 && override->set.runtime_ns >= 0)
		diag_error(check->diag, node->place,
			"'set' has both 'tasks' and 'runtime'; write one of them");
}

static const struct key override_keys[] = {
	{"when", "which cells", true, read_when, {.kind = FORM_RULE}},
	{"set", "what they get instead", true, read_set,
		{.kind = FORM_SECTION, .section = &set_section}},
	{0},
};

const struct section override_section = {.what = "an override", .keys = override_keys};

static void read_override(struct check *check, const struct node *node, void *into)
{
	struct override **next = into;
	section_read(check, &override_section, node, (*next)++);
}

void overrides_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	size_t count = node->kind == NODE_LIST ? node->count : 1;
	struct override *overrides = arena_alloc(check->arena, count * sizeof(*overrides));
	struct override *next = overrides;
	check_each(check, node, read_override, &next);
	scenario->overrides = overrides;
	scenario->override_count = count;
}
