/*
 * See speedup.h. Both lists of records ascend by round, and are walked once, side by side.
 * Ratios are taken within a round because the two runs are near each other in time, so that a
 * drift of the machine cancels.
 */
#include "stats/speedup.h"

#include "stats/order_statistics.h"

static bool ratio_of_round(const struct record *own, const struct record *baseline, double *ratio)
{
	double own_per_s, baseline_per_s;
	if (!record_throughput(own, &own_per_s) || !record_throughput(baseline, &baseline_per_s) ||
		baseline_per_s <= 0)
		return false;
	*ratio = own_per_s / baseline_per_s;
	return true;
}

struct figure speedup_over(
	const struct history *own, const struct history *baseline, double *scratch)
{
	size_t count = 0;
	const struct record *a = own->first, *b = baseline->first;
	while (a && b) {
		int32_t a_round = a->round, b_round = b->round;
		if (a_round == b_round && ratio_of_round(a, b, &scratch[count]))
			count++;
		a = a_round <= b_round ? a->next : a;
		b = b_round <= a_round ? b->next : b;
	}
	if (count == 0)
		return (struct figure){0};
	values_sort(scratch, count);
	return (struct figure){true, sorted_median(scratch, count)};
}
