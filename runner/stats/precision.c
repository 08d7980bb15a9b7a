#include "stats/precision.h"

#include "stats/order_statistics.h"

#include <math.h>
#include <stdlib.h>

static bool take_value(
	const struct experiment *experiment, const struct record *record, double *value)
{
	enum value_of_run which = experiment->rate > 0 ? VALUE_WAIT_P99_NS : VALUE_ELAPSED_NS;
	if (experiment->rate <= 0 && !experiment->tasks)
		return record_throughput(record, value);
	*value = (double)record->values[which] / 1e9;
	return record->known & 1u << which;
}

size_t precision_values(
	const struct experiment *experiment, const struct history *history, double *values)
{
	size_t count = 0;
	for (const struct record *record = history->first; record; record = record->next)
		count += take_value(experiment, record, &values[count]);
	return count;
}

double precision_of(const struct experiment *experiment, const struct history *history)
{
	double precision = INFINITY;
	double *values = memory_alloc((history->runs + (size_t)1) * sizeof(*values));
	size_t count = precision_values(experiment, history, values);
	size_t rank = interval_rank(count);
	values_sort(values, count);
	if (rank > 0) {
		double width = values[count - rank] - values[rank - 1];
		precision = width > 0 ? width / 2 / sorted_median(values, count) : 0;
	}
	free(values);
	return precision;
}
