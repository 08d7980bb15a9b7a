/* A key that is unknown where it stands, but known somewhere else: says where it belongs. */
#include "scenario/check.h"

#include <string.h>

bool elsewhere_is_top_level(const char *name)
{
	for (const struct key *key = scenario_keys; key->name; key++) {
		if (!strcmp(key->name, name))
			return true;
	}
	return option_find(scenario_settings, name) != NULL;
}

/* Words joined as "a", "a and b", "a, b and c". */
struct listing {
	struct text text;
	const char *first, *last;
	size_t count;
};

static void listing_add(struct listing *listing, const char *word)
{
	if (listing->count > 1)
		text_addf(&listing->text, ", %s", listing->last);
	else if (listing->count == 1)
		text_add(&listing->text, listing->first);
	else
		listing->first = word;
	listing->last = word;
	listing->count++;
}

static void listing_end(struct listing *listing)
{
	if (listing->count > 1)
		text_addf(&listing->text, " and %s", listing->last);
	else
		text_add(&listing->text, listing->first);
}

/* What the scenario calls a workload of a type, or a stand-in for a name. */
static const char *name_of_type(const struct check *check, const char *type)
{
	for (size_t i = 0; i < check->scenario->workload_count; i++) {
		const struct workload_entry *entry = &check->scenario->workloads[i];
		if (entry->type && !strcmp(entry->type->name, type))
			return entry->name;
	}
	return "NAME";
}

static bool report_executor_option(
	struct check *check, const struct section *section, const struct node *key)
{
	struct listing types = {0};
	for (const struct executor *const *at = executor_registry; *at; at++) {
		if (option_find((*at)->options, key->text))
			listing_add(&types, (*at)->name);
	}
	if (!types.count)
		return false;
	listing_end(&types);
	diag_error(check->diag, key->place,
		"unknown key '%.60s' in %s; it is an option of the executor%s %s", key->text,
		section->what, types.count > 1 ? "s" : "", text_get(&types.text));
	bool include = section->home == HOME_INCLUDE;
	diag_note(check->diag, "write it there: %s{ type: %s, %s: … }%s",
		include ? "executor: " : "executors: [", types.first, key->text,
		include ? "" : "]");
	text_release(&types.text);
	return true;
}

static bool report_parameter(
	struct check *check, const struct section *section, const struct node *key)
{
	struct listing types = {0};
	for (const struct workload *const *at = workload_registry(); *at; at++) {
		if (option_find((*at)->params, key->text))
			listing_add(&types, (*at)->name);
	}
	if (!types.count)
		return false;
	listing_end(&types);
	diag_error(check->diag, key->place,
		"unknown key '%.60s' in %s; it is a parameter of the workload type%s %s", key->text,
		section->what, types.count > 1 ? "s" : "", text_get(&types.text));
	diag_note(check->diag, "write it there: workloads: { %s: { type: %s, %s: … } }",
		name_of_type(check, types.first), types.first, key->text);
	text_release(&types.text);
	return true;
}

static void report_stray(
	struct check *check, const struct section *section, const struct pair *pair)
{
	const struct node *key = pair->key;
	struct stray *stray = arena_alloc(check->scratch, sizeof(*stray));
	*stray = (struct stray){pair, check->strays};
	check->strays = stray;
	diag_error(check->diag, key->place,
		"unknown key '%.60s' in %s; it belongs at the top level", key->text, section->what);
	diag_note(check->diag, "write it there, without indentation: %s: …", key->text);
}

bool elsewhere_report(struct check *check, const struct section *section, const struct pair *pair)
{
	const struct node *key = pair->key;
	if (section->home == HOME_OTHER)
		return false;
	if (section->home != HOME_TOP && elsewhere_is_top_level(key->text)) {
		report_stray(check, section, pair);
		return true;
	}
	/* Where a word could be either, the nearer meaning comes first. */
	if (section->home == HOME_WORKLOAD)
		return report_parameter(check, section, key) ||
		       report_executor_option(check, section, key);
	return report_executor_option(check, section, key) || report_parameter(check, section, key);
}
