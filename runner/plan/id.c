/*
 * How an id is computed. The parts are hashed by FNV-1a over text with a NUL behind each item,
 * which no name or value contains, so that two texts cannot run into each other. The last step
 * is splitmix64's finaliser (Steele, Lea & Flood, OOPSLA 2014), which spreads small differences
 * over all bits.
 */
#include "plan/id.h"

#include "plan/plan.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

uint64_t id_type(const char *type_name)
{
	return text_hash(TEXT_HASH_START, type_name, strlen(type_name) + 1);
}

uint64_t id_workload(const struct workload *type)
{
	uint64_t hash = id_type(type->name);
	return type->source ? id_number(hash, type->version) : hash;
}

uint64_t id_option(
	uint64_t hash, const struct option *option, union value value, struct text *scratch)
{
	text_clear(scratch);
	option_format(option, value, scratch);
	hash = text_hash(hash, option->name, strlen(option->name) + 1);
	return text_hash(hash, text_get(scratch), scratch->length + 1);
}

uint64_t id_values(uint64_t hash, const struct option *options, const union value *values)
{
	struct text scratch;
	text_init(&scratch);
	for (size_t i = 0; options && i < option_count(options); i++) {
		bool has_default = options[i].fallback || options[i].list;
		if (!has_default || !option_is_default(&options[i], values[i]))
			hash = id_option(hash, &options[i], values[i], &scratch);
	}
	text_release(&scratch);
	return hash;
}

uint64_t id_number(uint64_t hash, uint64_t number)
{
	unsigned char bytes[8];
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(number >> (8 * i));
	return text_hash(hash, bytes, sizeof(bytes));
}

uint64_t id_pair(int64_t seed, uint64_t workload_hash, uint64_t executor_hash)
{
	uint64_t hash = id_number(TEXT_HASH_START, (uint64_t)seed);
	return id_number(id_number(hash, workload_hash), executor_hash);
}

static uint64_t id_named(uint64_t hash, const char *name, uint64_t number)
{
	return id_number(text_hash(hash, name, strlen(name) + 1), number);
}

uint64_t id_load(uint64_t hash, const struct load *load)
{
	uint64_t rate;
	memcpy(&rate, &load->rate, sizeof(rate)); /* as IEEE 754 has it */
	if (load->runtime_ns)
		hash = id_named(hash, "runtime", (uint64_t)load->runtime_ns);
	if (load->rate > 0)
		hash = id_named(hash, "rate", rate);
	if (load->arrival != ARRIVAL_CONSTANT)
		hash = id_named(hash, "arrival", (uint64_t)load->arrival);
	return hash;
}

uint64_t id_finish(uint64_t pair, uint32_t workers, const struct load *load)
{
	uint64_t z = id_load(id_number(id_number(pair, workers), (uint64_t)load->tasks), load);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

enum { ID_TEXT_BYTES = 18 };

const char *plan_id(const struct experiment *experiment, char *out)
{
	snprintf(out, ID_TEXT_BYTES, "x%016" PRIx64, experiment->id);
	return out;
}
