#include "commands/prepare.h"

#include <stdlib.h>

static void tell(const struct scenario *scenario, enum severity severity, const struct err *err)
{
	struct arena arena;
	struct diag diag;
	arena_init(&arena);
	scenario_diag(scenario, &arena, &diag);
	if (severity == SEVERITY_ERROR)
		diag_err(&diag, (struct place){0}, err);
	else
		diag_remark(&diag, (struct place){0}, "%s", err->text);
	diag_publish(&diag, scenario->reading.sink);
	diag_release(&diag);
	arena_release(&arena);
}

static int make_plan(struct prepared *prepared)
{
	struct err err = {.text = ""};
	if (plan_make(&prepared->plan, &prepared->scenario, &err)) {
		/* What has a place in the scenario was told already. */
		if (*err.text)
			tell(&prepared->scenario, SEVERITY_ERROR, &err);
		return -1;
	}
	if (prepared->plan.experiment_count == 0) {
		err_set(&err, "no cell matches the filter; left out");
		tell(&prepared->scenario, SEVERITY_NOTE, &err);
		plan_release(&prepared->plan);
		return PREPARED_NOTHING;
	}
	if (extras_make(&prepared->extras, &prepared->plan) == 0)
		return 0;
	plan_release(&prepared->plan);
	return -1;
}

int prepare(struct prepared *prepared, const char *path, const struct reading *reading)
{
	if (scenario_load(&prepared->scenario, path, reading))
		return -1;
	int result = make_plan(prepared);
	if (result)
		scenario_release(&prepared->scenario);
	return result;
}

void prepared_release(struct prepared *prepared)
{
	extras_release(&prepared->extras);
	plan_release(&prepared->plan);
	scenario_release(&prepared->scenario);
}

/* ---- filters that leave nothing ---- */

/* What else there is to say of the input was told before. */
static void take_errors(struct diag *diag, void *sink)
{
	size_t kept = 0;
	for (size_t i = 0; i < diag->count; i++)
		if (diag->items[i].severity == SEVERITY_ERROR)
			diag->items[kept++] = diag->items[i];
	diag->count = kept;
	diag_publish(diag, sink);
}

static void explain(const struct inputs *inputs, const char *const *filters, size_t count)
{
	struct prepared prepared;
	struct diag_sink sink = {take_errors, (void *)inputs->reading.sink};
	struct reading alone = inputs->reading;
	alone.filters = filters;
	alone.filter_count = count;
	alone.known = NULL;
	alone.cell = NULL;
	alone.several = false;
	alone.sink = &sink;
	if (prepare(&prepared, inputs_again(inputs), &alone) == 0)
		prepared_release(&prepared);
}

int prepare_explain(const struct inputs *inputs, size_t left)
{
	const struct reading *reading = &inputs->reading;
	const char **unknown = memory_alloc((reading->filter_count + 1) * sizeof(*unknown));
	size_t count = 0;
	for (size_t i = 0; i < reading->filter_count; i++)
		if (!reading->known[i])
			unknown[count++] = reading->filters[i];
	if (count > 0)
		explain(inputs, unknown, count);
	else if (left == 0)
		explain(inputs, reading->filters, reading->filter_count);
	free((void *)unknown);
	return count > 0 || left == 0 ? -1 : 0;
}

/* ---- all ---- */

int prepare_all(struct prepared_list *list, const struct inputs *inputs)
{
	bool failed = false;
	*list = (struct prepared_list){memory_alloc(inputs->count * sizeof(*list->items)), 0};
	for (size_t i = 0; i < inputs->count; i++) {
		int result = prepare(&list->items[list->count], inputs->paths[i], &inputs->reading);
		failed |= result < 0;
		list->count += result == 0;
	}
	return failed || prepare_explain(inputs, list->count) ? -1 : 0;
}

void prepared_list_release(struct prepared_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		prepared_release(&list->items[i]);
	free(list->items);
}
