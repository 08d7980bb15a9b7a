/*
 * Loads: how many tasks come, and when. Their four keys stand in the scenario and in an include,
 * which takes over what it does not say; tasks and runtime take each other's place.
 */
#include "scenario/check.h"

#include <inttypes.h>
#include <math.h>

#define NS_PER_S 1e9

static const union value none;

void loads_defaults(struct check *check, struct loads *loads)
{
	union value *tasks = arena_alloc(check->arena, sizeof(*tasks));
	*tasks = option_default(&load_options[LOAD_TASKS]);
	*loads = (struct loads){0};
	for (size_t i = 0; i < LOAD_KEYS; i++)
		loads->of[i] = (struct choices){.count = 1, .values = &none};
	loads->of[LOAD_TASKS].values = tasks;
}

static const struct node *read_key(
	struct check *check, const struct node *map, enum load_key key, struct loads *loads)
{
	const struct option *option = &load_options[key];
	const struct node *node = node_find(map, option->name);
	/* Whoever reads the whole mapping reports a key without a value. */
	if (!node || node->kind == NODE_BROKEN || node_is_empty(node))
		return NULL;
	choices_read(check, option, node, &loads->of[key]);
	return node;
}

static void report_both(struct check *check, const struct node *runtime, bool open)
{
	diag_error(check->diag, runtime->place,
		"'tasks' and 'runtime' are both given; write one of them");
	diag_note(check->diag, open ? "with a rate, tasks are rate times runtime"
				    : "a run ends after so many tasks, or after a time");
}

void loads_read(struct check *check, const struct node *map, struct loads *loads)
{
	const struct choices nothing = {.count = 1, .values = &none};
	const struct node *given[LOAD_KEYS];
	for (size_t i = 0; i < LOAD_KEYS; i++)
		given[i] = read_key(check, map, (enum load_key)i, loads);
	bool open = loads->of[LOAD_RATE].given;
	if (given[LOAD_TASKS] && given[LOAD_RUNTIME])
		report_both(check, given[LOAD_RUNTIME], open);
	else if (given[LOAD_RUNTIME])
		loads->of[LOAD_TASKS] = nothing;
	else if (given[LOAD_TASKS])
		loads->of[LOAD_RUNTIME] = nothing;
	if (given[LOAD_ARRIVAL] && !open) {
		diag_error(check->diag, given[LOAD_ARRIVAL]->place, "'arrival' needs a rate");
		diag_note(check->diag, "write one beside it, for instance: rate: 500/s");
	}
	const struct node *lasts = given[LOAD_RUNTIME] ? given[LOAD_RUNTIME]
				   : given[LOAD_RATE]  ? given[LOAD_RATE]
						       : given[LOAD_TASKS];
	if (lasts)
		loads->place = lasts->place;
}

/* ---- one load of them ---- */

uint64_t loads_count(const struct loads *loads)
{
	uint64_t count = 1;
	for (size_t i = 0; i < LOAD_KEYS; i++)
		if (__builtin_mul_overflow(count, loads->of[i].count, &count))
			return UINT64_MAX;
	return count;
}

struct load loads_at(const struct loads *loads, uint64_t index)
{
	union value values[LOAD_KEYS];
	for (size_t i = LOAD_KEYS; i-- > 0;) {
		const struct choices *choices = &loads->of[i];
		values[i] = choices->values[index % choices->count];
		index /= choices->count;
	}
	struct load load = {
		.tasks = values[LOAD_TASKS].integer,
		.runtime_ns = values[LOAD_RUNTIME].integer,
		.rate = values[LOAD_RATE].number,
		.arrival = (int)values[LOAD_ARRIVAL].integer,
	};
	load_settle(&load);
	return load;
}

void load_settle(struct load *load)
{
	if (load->rate <= 0 || load->runtime_ns == 0)
		return;
	double tasks = load->rate * (double)load->runtime_ns / NS_PER_S;
	load->tasks = tasks < 1 ? 1 : llround(tasks);
}

/* ---- what a run can bear ---- */

static int too_many(const struct load *load, struct err *err)
{
	struct text rate;
	text_init(&rate);
	option_format(&load_options[LOAD_RATE], (union value){.number = load->rate}, &rate);
	err_set(err, "%" PRId64 " tasks arrive at %s; one run may have %d at most", load->tasks,
		text_get(&rate), LOAD_MOST_ARRIVALS);
	text_release(&rate);
	return -1;
}

static const int64_t second_ns = 1000000000, longest_ns = INT64_C(3600000000000000);

static int64_t whole_seconds(int64_t ns)
{
	return (ns + second_ns - 1) / second_ns * second_ns;
}

/* Twice the time is enough for most. */
static int too_long(const struct load *load, int64_t ns, int64_t timeout_ns, struct err *err)
{
	struct text lasts, timeout, remedy;
	text_init(&lasts);
	text_init(&timeout);
	text_init(&remedy);
	option_format_duration(ns > 10 * second_ns ? whole_seconds(ns) : ns, &lasts);
	option_format_duration(timeout_ns, &timeout);
	text_add(&remedy, ns > longest_ns / 2 ? "shorten it" : "write for instance timeout: ");
	if (ns <= longest_ns / 2)
		option_format_duration(whole_seconds(2 * ns), &remedy);
	err_set(err, "%s %s, but the timeout ends it after %s; %s",
		load->tasks ? "tasks arrive for" : "a run takes", text_get(&lasts),
		text_get(&timeout), text_get(&remedy));
	text_release(&lasts);
	text_release(&timeout);
	text_release(&remedy);
	return -1;
}

int load_check(const struct load *load, int64_t timeout_ns, struct err *err)
{
	int64_t ns = load->runtime_ns;
	if (load->rate > 0 && load->tasks > LOAD_MOST_ARRIVALS)
		return too_many(load, err);
	if (load->rate > 0 && ns == 0)
		ns = llround(fmin((double)load->tasks / load->rate * NS_PER_S, 1e18));
	return ns >= timeout_ns ? too_long(load, ns, timeout_ns, err) : 0;
}

static bool overrides_matter(const struct scenario *scenario)
{
	for (size_t i = 0; i < scenario->override_count; i++) {
		const struct settings *set = &scenario->overrides[i].set;
		if (set->tasks >= 0 || set->runtime_ns >= 0 || set->rate >= 0 ||
			set->timeout_ns >= 0)
			return true;
	}
	return false;
}

void loads_check(struct check *check, const struct loads *loads)
{
	enum { LOOKED_AT_MOST = 10000 }; /* the plan looks at all of them */
	struct err err;
	if (check->diag->errors || overrides_matter(check->scenario))
		return;
	for (uint64_t i = 0; i < loads_count(loads) && i < LOOKED_AT_MOST; i++) {
		struct load load = loads_at(loads, i);
		if (!load_check(&load, check->scenario->timeout_ns, &err))
			continue;
		diag_err(check->diag, loads->place, &err);
		return;
	}
}
