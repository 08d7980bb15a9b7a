/*
 * A hash set of numbers (indices, pointers) under 64-bit hashes. What makes two items equal is
 * the caller's to say: it walks the items that share a hash.
 */
#ifndef PLAN_SET_H
#define PLAN_SET_H

#include <stddef.h>
#include <stdint.h>

struct set_slot {
	uint64_t hash; /* 0: empty */
	uint64_t item;
};

struct set {
	struct set_slot *slots;
	size_t count, capacity; /* capacity: 0 or a power of two */
};

void set_init(struct set *set);
void set_release(struct set *set);

/* The first slot with this hash (previous NULL) or the next one, or NULL. The item may be
 * changed. */
struct set_slot *set_next(
	const struct set *set, uint64_t hash, const struct set_slot *previous);

/* Adds without looking for equals. Slots move. */
void set_add(struct set *set, uint64_t hash, uint64_t item);

#endif
