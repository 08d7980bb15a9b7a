#include "commands/availability.h"

#include "base/library.h"
#include "base/program.h"
#include "commands/example.h"

enum { NAME_WIDTH = 16 };

/* A workload's parameters, of which one at a time is changed. */
struct trial {
	const struct workload *type;
	void *params;
};

static int *choice_of(const struct trial *trial, const struct option *option)
{
	return (int *)(void *)((char *)trial->params + option->offset);
}

/* How many of the option's choices do not work; a line for each where `out` is given. */
static size_t try_choices(const struct trial *trial, const struct option *option,
	const char *indent, struct text *out)
{
	int *choice = choice_of(trial, option), before = *choice;
	size_t missing = 0;
	struct err err;
	for (*choice = 0; option->choices[*choice]; (*choice)++) {
		if (trial->type->supported(trial->params, &err) == 0)
			continue;
		missing++;
		if (out)
			text_addf(out, "%s%s %s unavailable: %s\n", indent, option->name,
				option->choices[*choice], err.text);
	}
	*choice = before;
	return missing;
}

static size_t choice_count(const struct option *option)
{
	size_t count = 0;
	while (option->choices[count])
		count++;
	return count;
}

/* It is for this parameter to say what works: some of its values do, and others do not. */
static bool decides(const struct trial *trial, const struct option *option)
{
	if (option->type != OPTION_ENUM || option->list)
		return false;
	size_t missing = try_choices(trial, option, NULL, NULL);
	return missing > 0 && missing < choice_count(option);
}

void availability_add(const struct workload *type, const char *indent, struct text *out)
{
	struct arena arena;
	struct err err;
	bool decided = false;
	if (!type->supported)
		return;
	arena_init(&arena);
	struct trial trial = {type, example_params(type, &arena)};
	for (const struct option *option = type->params; option && option->name; option++) {
		if (!decides(&trial, option))
			continue;
		try_choices(&trial, option, indent, out);
		decided = true;
	}
	if (!decided && type->supported(trial.params, &err) != 0)
		text_addf(out, "%sunavailable: %s\n", indent, err.text);
	arena_release(&arena);
}

static void add_library(const struct library_source *source, struct text *out)
{
	static const struct library_symbol none[] = {{NULL, NULL}};
	struct library library = {source, none, NULL};
	struct err err = {""};
	int missing = library_open(&library, &err);
	text_addf(out, "  %-*s%s\n", NAME_WIDTH, source->name, source->purpose);
	text_addf(out, "  %-*s%s%s\n", NAME_WIDTH, "",
		missing ? "missing: " : "present: ", missing ? err.text : source->file);
}

void availability_libraries(struct text *out)
{
	text_add(out, "optional libraries:\n");
	for (const struct library_source *const *source = library_sources; *source; source++)
		add_library(*source, out);
}

static const struct {
	const char *name, *purpose, *package; /* of Debian's */
} programs[] = {
	{"gnuplot", "draws the charts of reports", "gnuplot-nox"},
};

void availability_programs(struct text *out)
{
	text_add(out, "\noptional programs:\n");
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		text_addf(out, "  %-*s%s\n  %-*s", NAME_WIDTH, programs[i].name,
			programs[i].purpose, NAME_WIDTH, "");
		if (program_on_path(programs[i].name))
			text_add(out, "present\n");
		else
			text_addf(out,
				"missing: it is not on the PATH; on Debian: apt install %s\n",
				programs[i].package);
	}
}
