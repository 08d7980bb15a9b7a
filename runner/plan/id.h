/*
 * Experiment ids: hashes of all that defines an experiment and of nothing else. A type is
 * hashed by its name and the options that differ from their defaults, in the order of the
 * table: an id outlives reordering, renaming and new options that nobody uses.
 */
#ifndef PLAN_ID_H
#define PLAN_ID_H

#include "scenario/scenario.h"

#include <stdint.h>

uint64_t id_type(const char *type_name);

/* The same; of a file's, by what the file holds too. */
uint64_t id_workload(const struct workload *type);

uint64_t id_option(
	uint64_t hash, const struct option *option, union value value, struct text *scratch);

/* Continues a type's hash by the values that are not their options' defaults. */
uint64_t id_values(uint64_t hash, const struct option *options, const union value *values);

/* Continues a hash by a number, eight bytes with the lowest first. */
uint64_t id_number(uint64_t hash, uint64_t number);

/* Continues a hash by what is set of a load beside its tasks. */
uint64_t id_load(uint64_t hash, const struct load *load);

/* What an experiment's id is made from, without workers and load; then the id. */
uint64_t id_pair(int64_t seed, uint64_t workload_hash, uint64_t executor_hash);
uint64_t id_finish(uint64_t pair, uint32_t workers, const struct load *load);

#endif
