/* See holm.h: the smallest p times their number, the next times one less, never falling. */
#include "stats/holm.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

struct item {
	double p;
	size_t index;
};

static int compare(const void *left, const void *right)
{
	double a = ((const struct item *)left)->p, b = ((const struct item *)right)->p;
	return (a > b) - (a < b);
}

void holm_adjust(const double *p, size_t count, double *adjusted)
{
	struct item *items = memory_alloc((count + 1) * sizeof(*items));
	double largest = 0;
	for (size_t i = 0; i < count; i++)
		items[i] = (struct item){p[i], i};
	qsort(items, count, sizeof(*items), compare);
	for (size_t i = 0; i < count; i++) {
		largest = fmax(largest, fmin(1, (double)(count - i) * items[i].p));
		adjusted[items[i].index] = largest;
	}
	free(items);
}
