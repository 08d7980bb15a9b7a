/*
 * The tables of a plugin's workload. Those of conrun's own are held right by its tests; here the
 * same must be found out when they are loaded, as all that reads them takes them as right. Errors
 * say where, for the author.
 */
#include "base/memory.h"
#include "base/naming.h"
#include "base/option.h"
#include "executors/executor.h"
#include "measure/result.h"
#include "plugin/plugin.h"

#include <string.h>

static int check_spelling(const char *name, const char *what, struct err *err)
{
	if (naming_is_name(name))
		return 0;
	return err_set(err, "'%.60s' is no name for a %s; use up to %d of a-z, 0-9 and _", name,
		what, NAMING_MOST_BYTES);
}

/* ---- parameters ---- */

static size_t value_bytes(const struct option *option)
{
	static const size_t bytes[] = {
		[OPTION_BOOL] = sizeof(bool),
		[OPTION_INTEGER] = sizeof(int64_t),
		[OPTION_NUMBER] = sizeof(double),
		[OPTION_DURATION] = sizeof(int64_t),
		[OPTION_SIZE] = sizeof(int64_t),
		[OPTION_RATE] = sizeof(double),
		[OPTION_PERCENT] = sizeof(double),
		[OPTION_ENUM] = sizeof(int),
		[OPTION_TEXT] = sizeof(const char *),
	};
	if (option->list)
		return sizeof(struct option_list);
	return (size_t)option->type < sizeof(bytes) / sizeof(*bytes) ? bytes[option->type] : 0;
}

static int check_value(
	const struct option *option, const char *what, const char *text, struct err *err)
{
	struct arena arena;
	union value value;
	arena_init(&arena);
	int failed = text ? option_parse(option, text, &arena, &value, err) : 0;
	arena_release(&arena);
	return failed ? err_prefix(err, "its %s: ", what) : 0;
}

/* The bounds first, by themselves: reading any value relies on them. */
static int check_values(const struct option *option, struct err *err)
{
	struct option free = *option;
	free.min = free.max = NULL;
	if (check_value(&free, "min", option->min, err) != 0 ||
		check_value(&free, "max", option->max, err) != 0)
		return -1;
	if (option->list && option->fallback)
		return err_set(err, "a list has no fallback; it is empty where none is given");
	return check_value(option, "fallback", option->fallback, err);
}

static int check_when(const struct workload *workload, const struct option *option, struct err *err)
{
	const char *when = option->when, *sign = when ? strpbrk(when, "!=") : NULL;
	if (!when)
		return 0;
	if (!option->fallback && !option->list)
		return err_set(err,
			"it has a when and no fallback: what must always be given always "
			"has an effect");
	if (!sign || (*sign == '!' && sign[1] != '='))
		return err_set(err, "its when '%.60s' is neither name=value nor name!=value", when);
	if (!option_of_executor(when) && !option_of_condition(when, workload->params))
		return err_set(err, "its when '%.60s' is about no parameter of its workload", when);
	return 0;
}

static int check_option(
	const struct workload *workload, const struct option *option, struct err *err)
{
	size_t bytes = value_bytes(option), room = workload->params_bytes;
	if (check_spelling(option->name, "parameter", err) != 0)
		return -1;
	if (naming_is_among(option->name, naming_keys))
		return err_set(err, "the name has a meaning in scenarios already; rename it");
	if (option_find(workload->params, option->name) != option)
		return err_set(err, "there are two of the name; rename one");
	if (!bytes)
		return err_set(err, "it has no type of enum option_type");
	if (option->offset > room || bytes > room - option->offset)
		return err_set(err,
			"it lies behind the %zu bytes that params_bytes says; write "
			".params_bytes = sizeof(the struct)",
			room);
	if (option->type == OPTION_ENUM && (!option->choices || !option->choices[0]))
		return err_set(err, "it has no choices");
	if (!option->help)
		return err_set(err, "it has no help");
	return check_when(workload, option, err) || check_values(option, err) ? -1 : 0;
}

static int check_params(const struct workload *workload, struct err *err)
{
	const struct option *option = workload->params;
	for (; option && option->name; option++)
		if (check_option(workload, option, err) != 0)
			return err_prefix(err, "parameter '%.60s': ", option->name);
	return 0;
}

/* ---- metrics ---- */

static int check_metrics(const struct workload *workload, struct err *err)
{
	const struct metric *first = workload->metrics, *metric = first;
	for (; metric && metric->name; metric++) {
		if (metric - first >= RESULT_METRICS)
			return err_set(err, "it has more than %d metrics", RESULT_METRICS);
		if (check_spelling(metric->name, "metric", err) != 0)
			return -1;
		if (!metric->help)
			return err_set(err, "metric '%s': it has no help", metric->name);
		for (const struct metric *before = first; before < metric; before++)
			if (strcmp(before->name, metric->name) == 0)
				return err_set(
					err, "metric '%s': there are two of it", metric->name);
	}
	return 0;
}

/* ---- the workload ---- */

static int check_name(const char *name, struct err *err)
{
	if (check_spelling(name, "workload", err) != 0)
		return -1;
	const struct workload *other = workload_find(name);
	if (other && other->plugin)
		return err_set(
			err, "the plugin '%.150s' has one of that name; rename it", other->plugin);
	if (other || executor_find(name))
		return err_set(err, "conrun has %s of that name; rename it",
			other ? "a workload" : "an executor");
	return 0;
}

static int check_parts(const struct workload *workload, struct err *err)
{
	if (!workload->task)
		return err_set(err, "it has no task");
	if (!workload->summary || !workload->operation)
		return err_set(err, "it has no %s", workload->summary ? "operation" : "summary");
	if (workload->open || workload->source)
		return err_set(err, "it stands for files, which only conrun's own can");
	return check_params(workload, err) || check_metrics(workload, err) ? -1 : 0;
}

int table_check(const struct workload *workload, struct err *err)
{
	if (!workload->name)
		return err_set(err, "a workload has no name");
	if (check_name(workload->name, err) != 0 || check_parts(workload, err) != 0)
		return err_prefix(err, "workload '%.60s': ", workload->name);
	return 0;
}
