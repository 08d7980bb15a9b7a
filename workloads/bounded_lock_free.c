/*
 * A bounded queue without a lock: sides claim a place by moving head or tail, and each place says
 * itself whose turn it is (Vyukov, "Bounded MPMC queue", 1024cores.net; with turns that count two
 * for each round, one for a put and one for a take, it also holds a single item, as in Rigtorp's
 * MPMCQueue). To sleep, a side counts itself as a sleeper, looks once more and waits on a futex.
 *
 * A side that is killed between its claim and its turn's end blocks that place: the others sleep in
 * slices, and their callers notice.
 *
 * `turn` and `sleepers` are sequentially consistent: either who moved an item sees the sleeper, or
 * the sleeper's last look sees the item.
 */
#include "base/futex.h"
#include "measure/clock.h"
#include "workloads/bounded.h"

static int make(struct bounded *bounded)
{
	(void)bounded;
	return 0; /* all zeros is empty */
}

/* Claims the place at `end` if its turn is `offset` of the round; NULL: it is not, or was not. */
static struct bounded_cell *claim(
	struct bounded *bounded, _Atomic uint64_t *end, uint64_t offset, uint64_t *turn)
{
	/* Relaxed: the place's turn orders what lies in it. */
	uint64_t at = atomic_load_explicit(end, memory_order_relaxed);
	for (;;) {
		struct bounded_cell *cell = &bounded->cells[at % bounded->capacity];
		*turn = at / bounded->capacity * 2 + offset;
		if (atomic_load(&cell->turn) == *turn) {
			if (atomic_compare_exchange_weak_explicit(
				    end, &at, at + 1, memory_order_relaxed, memory_order_relaxed))
				return cell;
			continue;
		}
		uint64_t before = at;
		at = atomic_load_explicit(end, memory_order_relaxed);
		if (at == before)
			return NULL;
	}
}

static void announce(struct bounded_signal *signal)
{
	if (atomic_load(&signal->sleepers) == 0)
		return;
	atomic_fetch_add(&signal->moved, 1);
	futex_wake(&signal->moved, 1);
}

static bool try_put(struct bounded *bounded, struct item *item)
{
	uint64_t turn;
	struct bounded_cell *cell = claim(bounded, &bounded->tail, 0, &turn);
	if (!cell)
		return false;
	cell->item = *item;
	atomic_store(&cell->turn, turn + 1);
	announce(&bounded->put);
	return true;
}

static bool try_take(struct bounded *bounded, struct item *item)
{
	uint64_t turn;
	struct bounded_cell *cell = claim(bounded, &bounded->head, 1, &turn);
	if (!cell)
		return false;
	*item = cell->item;
	atomic_store(&cell->turn, turn + 1);
	announce(&bounded->taken);
	return true;
}

/* Tries until it works or patience is at its end; between two tries it sleeps on the signal. */
static bool try_within(bool (*try)(struct bounded *, struct item *), struct bounded *bounded,
	struct item *item, struct bounded_signal *signal, uint64_t patience_ns)
{
	if (try(bounded, item))
		return true;
	uint64_t now_ns = clock_monotonic_ns(), deadline_ns = now_ns + patience_ns;
	bool done = false;
	for (; !done && now_ns < deadline_ns; now_ns = clock_monotonic_ns()) {
		atomic_fetch_add(&signal->sleepers, 1);
		uint32_t moved = atomic_load(&signal->moved);
		done = try(bounded, item);
		if (!done)
			futex_wait(&signal->moved, moved, deadline_ns - now_ns);
		atomic_fetch_sub(&signal->sleepers, 1);
	}
	/* It may have been woken in its last moment, for what nobody else is woken for. */
	return done || try(bounded, item);
}

static bool put(struct bounded *bounded, const struct item *item, uint64_t patience_ns)
{
	struct item copy = *item;
	return try_within(try_put, bounded, &copy, &bounded->taken, patience_ns);
}

static bool take(struct bounded *bounded, struct item *item, uint64_t patience_ns)
{
	return try_within(try_take, bounded, item, &bounded->put, patience_ns);
}

const struct bounded_kind bounded_lock_free = {"lock_free", make, put, take};
