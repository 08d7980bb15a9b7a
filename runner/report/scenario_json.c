/*
 * The scenario as it was resolved: for each option the values that are tried, spelled as a user
 * would. Rules and overrides are there in their own words, in the file's text.
 */
#include "report/scenario_json.h"

#include "report/utf8.h"

static json_t *value_json(const struct option *option, union value value)
{
	struct text spelling;
	text_init(&spelling);
	option_format(option, value, &spelling);
	json_t *json = json_string(text_get(&spelling));
	text_release(&spelling);
	return json;
}

static json_t *choices_json(const struct option *table, const struct choices *choices)
{
	json_t *json = json_object();
	for (size_t i = 0; table && table[i].name; i++) {
		json_t *values = json_array();
		for (size_t k = 0; k < choices[i].count; k++)
			json_array_append_new(values, value_json(&table[i], choices[i].values[k]));
		json_object_set_new(json, table[i].name, values);
	}
	return json;
}

static json_t *workload_json(const struct workload_entry *entry)
{
	json_t *json = json_object();
	json_object_set_new(json, "name", json_string(entry->name));
	json_object_set_new(json, "type", json_string(entry->type->name));
	json_object_set_new(json, "params", choices_json(entry->type->params, entry->choices));
	return json;
}

static json_t *executors_json(const struct executor_entry *entries, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *json = json_object();
		const struct executor *type = entries[i].type;
		json_object_set_new(json, "type", json_string(type->name));
		json_object_set_new(
			json, "options", choices_json(type->options, entries[i].choices));
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *integers_json(const struct choices *choices)
{
	json_t *json = json_array();
	for (size_t i = 0; i < choices->count; i++)
		json_array_append_new(json, json_integer(choices->values[i].integer));
	return json;
}

/* Tasks as numbers, the others as written; what does not apply is left out. */
static void add_loads(json_t *json, const struct loads *loads)
{
	const struct choices *tasks = &loads->of[LOAD_TASKS];
	if (tasks->values[0].integer)
		json_object_set_new(json, "tasks", integers_json(tasks));
	for (size_t i = LOAD_RUNTIME; i < LOAD_KEYS; i++) {
		json_t *values = json_array();
		for (size_t k = 0; k < loads->of[i].count && loads->of[i].given; k++)
			json_array_append_new(
				values, value_json(&load_options[i], loads->of[i].values[k]));
		if (loads->of[i].given)
			json_object_set(json, load_options[i].name, values);
		json_decref(values);
	}
}

static json_t *includes_json(const struct scenario *scenario)
{
	json_t *array = json_array();
	for (size_t i = 0; i < scenario->include_count; i++) {
		const struct include *include = &scenario->includes[i];
		json_t *json = json_object();
		json_object_set_new(json, "workload", workload_json(include->workload));
		json_object_set_new(json, "executors",
			executors_json(include->executors, include->executor_count));
		json_object_set_new(json, "workers", integers_json(&include->workers));
		add_loads(json, &include->loads);
		json_array_append_new(array, json);
	}
	return array;
}

static json_t *seconds_json(int64_t ns)
{
	return json_real((double)ns / 1e9);
}

static json_t *repeats_json(const struct repeats *repeats)
{
	if (repeats->min == repeats->max)
		return json_integer(repeats->max);
	return json_pack("{sIsIsf}", "min", (json_int_t)repeats->min, "max",
		(json_int_t)repeats->max, "until_ci", repeats->until_ci);
}

static void add_settings(json_t *json, const struct scenario *scenario)
{
	static const char *const orders[] = {
		[ORDER_SHUFFLE] = "shuffle",
		[ORDER_INTERLEAVE] = "interleave",
		[ORDER_BATCH] = "batch",
	};
	json_object_set_new(json, "repeat", repeats_json(&scenario->repeat));
	json_object_set_new(json, "warmup", json_integer(scenario->warmup));
	json_object_set_new(json, "order", json_string(orders[scenario->order]));
	json_object_set_new(json, "seed", json_integer(scenario->seed));
	json_object_set_new(json, "timeout_s", seconds_json(scenario->timeout_ns));
	json_object_set_new(json, "budget_s",
		scenario->budget_ns ? seconds_json(scenario->budget_ns) : json_null());
	json_object_set_new(json, "output",
		json_pack("{sbsb}", "tasks", scenario->output.tasks, "trace",
			scenario->output.trace));
}

json_t *scenario_json(const struct scenario *scenario)
{
	json_t *json = json_object(), *workloads = json_array();
	for (size_t i = 0; i < scenario->workload_count; i++)
		json_array_append_new(workloads, workload_json(&scenario->workloads[i]));
	json_object_set_new(json, "name", json_string(scenario->name));
	json_object_set_new(json, "description", json_string(scenario->description));
	json_object_set_new(json, "workloads", workloads);
	json_object_set_new(
		json, "executors", executors_json(scenario->executors, scenario->executor_count));
	json_object_set_new(json, "workers", integers_json(&scenario->workers));
	add_loads(json, &scenario->loads);
	json_object_set_new(json, "include", includes_json(scenario));
	add_settings(json, scenario);
	json_object_set_new(json, "text", json_stringn(scenario->text, scenario->text_length));
	return json;
}

static json_t *texts_json(const char *const *texts, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, utf8_json(texts[i]));
	return array;
}

json_t *asked_json(const struct scenario *scenario)
{
	const struct reading *reading = &scenario->reading;
	json_t *json = json_object();
	json_object_set_new(json, "sets", texts_json(reading->sets, reading->set_count));
	json_object_set_new(json, "filters", texts_json(reading->filters, reading->filter_count));
	json_object_set_new(json, "quick", json_boolean(reading->quick));
	return json;
}
