/* See variant.h. Hashes are kept per option: a step costs only the options that turn. */
#include "plan/variant.h"

#include "plan/id.h"

#include <stdlib.h>
#include <string.h>

static size_t table_count(const struct option *options)
{
	return options ? option_count(options) : 0;
}

static bool is_default(const struct odometer *odometer, size_t i)
{
	return odometer->has_default[i] &&
	       option_equal(&odometer->options[i], odometer->values[i], odometer->defaults[i]);
}

/* Takes the values that the options from `first` on point to. */
static void settle(struct odometer *odometer, size_t first)
{
	for (size_t i = first; i < odometer->count; i++) {
		odometer->values[i] = odometer->choices[i].values[odometer->at[i]];
		uint64_t hash = odometer->hashes[i];
		if (!is_default(odometer, i))
			hash = id_option(hash, &odometer->options[i], odometer->values[i],
				&odometer->scratch);
		odometer->hashes[i + 1] = hash;
	}
}

void odometer_init(struct odometer *odometer, uint64_t type_hash,
	const struct option *options, const struct choices *choices)
{
	size_t count = table_count(options);
	*odometer = (struct odometer){
		.options = options,
		.choices = choices,
		.count = count,
		.at = memory_alloc(count * sizeof(size_t)),
		.values = memory_alloc(count * sizeof(union value)),
		.defaults = memory_alloc(count * sizeof(union value)),
		.has_default = memory_alloc(count * sizeof(bool)),
		.hashes = memory_alloc((count + 1) * sizeof(uint64_t)),
	};
	text_init(&odometer->scratch);
	for (size_t i = 0; i < count; i++) {
		odometer->has_default[i] = options[i].fallback || options[i].list;
		if (odometer->has_default[i])
			odometer->defaults[i] = option_default(&options[i]);
	}
	odometer->hashes[0] = type_hash;
	settle(odometer, 0);
}

void odometer_release(struct odometer *odometer)
{
	free(odometer->at);
	free(odometer->values);
	free(odometer->defaults);
	free(odometer->has_default);
	free(odometer->hashes);
	text_release(&odometer->scratch);
}

bool odometer_next(struct odometer *odometer)
{
	for (size_t i = odometer->count; i-- > 0;) {
		if (++odometer->at[i] < odometer->choices[i].count) {
			settle(odometer, i);
			return true;
		}
		odometer->at[i] = 0;
	}
	return false;
}

uint64_t odometer_hash(const struct odometer *odometer)
{
	return odometer->hashes[odometer->count];
}

uint64_t variant_multiply(uint64_t a, uint64_t b)
{
	uint64_t product;
	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

uint64_t variant_add(uint64_t a, uint64_t b)
{
	uint64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

uint64_t variant_combinations(const struct option *options, const struct choices *choices)
{
	uint64_t product = 1;
	for (size_t i = 0; i < table_count(options); i++)
		product = variant_multiply(product, choices[i].count);
	return product;
}

static bool same_values(const struct odometer *odometer, const union value *values)
{
	for (size_t i = 0; i < odometer->count; i++)
		if (!option_equal(&odometer->options[i], odometer->values[i], values[i]))
			return false;
	return true;
}

/* A variant with its values right behind it. */
static void *new_variant(struct arena *arena, const struct odometer *odometer, size_t size)
{
	size_t bytes = odometer->count * sizeof(union value);
	char *variant = arena_alloc(arena, size + bytes);
	if (bytes)
		memcpy(variant + size, odometer->values, bytes);
	return variant;
}

const struct workload_variant *variant_workload(struct set *known, struct arena *arena,
	const struct workload_entry *entry, const struct odometer *odometer)
{
	uint64_t hash = odometer_hash(odometer);
	struct set_slot *slot = NULL;
	while ((slot = set_next(known, hash, slot))) {
		const struct workload_variant *variant = (void *)(uintptr_t)slot->item;
		if (variant->type == entry->type && same_values(odometer, variant->values))
			return variant;
	}
	struct workload_variant *variant = new_variant(arena, odometer, sizeof(*variant));
	variant->name = entry->name;
	variant->type = entry->type;
	variant->folder = entry->folder;
	variant->values = (const union value *)(variant + 1);
	set_add(known, hash, (uintptr_t)variant);
	return variant;
}

/* `thread_pool[gil,chunk=64]`: a switch that is on stands for itself. */
static const char *executor_label(
	struct arena *arena, const char *type_name, struct odometer *odometer)
{
	struct text label;
	text_init(&label);
	text_add(&label, type_name);
	const char *before = "[";
	for (size_t i = 0; i < odometer->count; i++) {
		const struct option *option = &odometer->options[i];
		if (is_default(odometer, i))
			continue;
		text_addf(&label, "%s%s", before, option->name);
		before = ",";
		if (option->type == OPTION_BOOL && odometer->values[i].integer)
			continue;
		text_add(&label, "=");
		option_format(option, odometer->values[i], &label);
	}
	if (*before == ',')
		text_add(&label, "]");
	const char *copy = arena_copy(arena, text_get(&label), label.length);
	text_release(&label);
	return copy;
}

const struct executor_variant *variant_executor(struct set *known, struct arena *arena,
	const struct executor_entry *entry, struct odometer *odometer)
{
	uint64_t hash = odometer_hash(odometer);
	struct set_slot *slot = NULL;
	while ((slot = set_next(known, hash, slot))) {
		const struct executor_variant *variant = (void *)(uintptr_t)slot->item;
		if (variant->type == entry->type && same_values(odometer, variant->values))
			return variant;
	}
	struct executor_variant *variant = new_variant(arena, odometer, sizeof(*variant));
	variant->label = executor_label(arena, entry->type->name, odometer);
	variant->type = entry->type;
	variant->values = (const union value *)(variant + 1);
	set_add(known, hash, (uintptr_t)variant);
	return variant;
}
