#include "workloads/bounded.h"

#include "measure/clock.h"

/* Relaxed: whoever holds the lock is alone with them. */
static uint64_t get(const _Atomic uint64_t *count)
{
	return atomic_load_explicit(count, memory_order_relaxed);
}

size_t bounded_bytes(uint64_t capacity)
{
	return sizeof(struct bounded) + capacity * sizeof(struct bounded_cell);
}

/* The count moves last and in one store: who dies in between has put nothing. */
void bounded_push(struct bounded *bounded, const struct item *item)
{
	uint64_t tail = get(&bounded->tail);
	bounded->cells[tail % bounded->capacity].item = *item;
	atomic_store_explicit(&bounded->tail, tail + 1, memory_order_relaxed);
}

void bounded_pop(struct bounded *bounded, struct item *item)
{
	uint64_t head = get(&bounded->head);
	*item = bounded->cells[head % bounded->capacity].item;
	atomic_store_explicit(&bounded->head, head + 1, memory_order_relaxed);
}

uint64_t bounded_count(const struct bounded *bounded)
{
	return get(&bounded->tail) - get(&bounded->head);
}

struct timespec bounded_deadline(uint64_t ns)
{
	uint64_t at_ns = clock_monotonic_ns() + ns;
	return (struct timespec){(time_t)(at_ns / 1000000000u), (long)(at_ns % 1000000000u)};
}
