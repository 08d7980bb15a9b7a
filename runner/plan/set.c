/* Open addressing with linear probing, at most three quarters full: a probe ends soon. */
#include "plan/set.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { SET_FIRST_CAPACITY = 64 };

void set_init(struct set *set)
{
	memset(set, 0, sizeof(*set));
}

void set_release(struct set *set)
{
	free(set->slots);
	set_init(set);
}

/* 0 marks an empty slot. */
static uint64_t stored_hash(uint64_t hash)
{
	return hash ? hash : 1;
}

/* Fibonacci hashing (Knuth, TAOCP 3, 6.4): the high bits of the product depend on all bits. */
static size_t first_place(const struct set *set, uint64_t hash)
{
	uint64_t spread = (hash * UINT64_C(0x9e3779b97f4a7c15)) >> 32;
	return (size_t)(spread & (set->capacity - 1));
}

struct set_slot *set_next(const struct set *set, uint64_t hash, const struct set_slot *previous)
{
	if (!set->capacity)
		return NULL;
	hash = stored_hash(hash);
	size_t place = previous ? (size_t)(previous - set->slots) + 1 : first_place(set, hash);
	for (;; place++) {
		struct set_slot *slot = &set->slots[place & (set->capacity - 1)];
		if (!slot->hash)
			return NULL;
		if (slot->hash == hash)
			return slot;
	}
}

static void place_item(struct set *set, uint64_t hash, uint64_t item)
{
	size_t place = first_place(set, hash);
	while (set->slots[place & (set->capacity - 1)].hash)
		place++;
	set->slots[place & (set->capacity - 1)] = (struct set_slot){hash, item};
}

static void set_grow(struct set *set)
{
	struct set old = *set;
	set->capacity = old.capacity ? 2 * old.capacity : SET_FIRST_CAPACITY;
	set->slots = memory_alloc(set->capacity * sizeof(struct set_slot));
	for (size_t i = 0; i < old.capacity; i++)
		if (old.slots[i].hash)
			place_item(set, old.slots[i].hash, old.slots[i].item);
	free(old.slots);
}

void set_add(struct set *set, uint64_t hash, uint64_t item)
{
	if (4 * (set->count + 1) > 3 * set->capacity)
		set_grow(set);
	place_item(set, stored_hash(hash), item);
	set->count++;
}
