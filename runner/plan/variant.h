/*
 * Variants: a workload or an executor with one value for each of its options. The combinations
 * of an entry's choices are walked like an odometer, the last option turning fastest; each
 * variant is held once, whichever entries name it.
 */
#ifndef PLAN_VARIANT_H
#define PLAN_VARIANT_H

#include "plan/plan.h"
#include "plan/set.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct odometer {
	const struct option *options;
	const struct choices *choices;
	size_t count;
	size_t *at;          /* of each option, the choice */
	union value *values; /* and its value */
	union value *defaults;
	bool *has_default;
	uint64_t *hashes; /* [i]: of the type and the options before i; [count]: of all */
	struct text scratch;
};

/* Stands at the first combination. */
void odometer_init(struct odometer *odometer, uint64_t type_hash,
	const struct option *options, const struct choices *choices);
void odometer_release(struct odometer *odometer);
bool odometer_next(struct odometer *odometer); /* false: it was the last */
uint64_t odometer_hash(const struct odometer *odometer);

/* How many combinations an entry has; UINT64_MAX where they pass that. */
uint64_t variant_combinations(const struct option *options, const struct choices *choices);
uint64_t variant_multiply(uint64_t a, uint64_t b); /* the same bound */
uint64_t variant_add(uint64_t a, uint64_t b);

/* The variant of this type at which the odometer stands. */
const struct workload_variant *variant_workload(struct set *known, struct arena *arena,
	const struct workload_entry *entry, const struct odometer *odometer);
const struct executor_variant *variant_executor(struct set *known, struct arena *arena,
	const struct executor_entry *entry, struct odometer *odometer);

#endif
