/* The options of the command line as sources of problems; see asked.h. */
#include "scenario/asked.h"

#include <string.h>

/* The option as it was typed; of a long one its beginning. */
static const char *source_name(
	const struct scenario *scenario, struct arena *arena, const char *option, const char *text)
{
	enum { SHOWN_MOST = 60 };
	size_t length = strlen(text), shown = length;
	const char *file = scenario->reading.several ? scenario->path : "";
	if (length > SHOWN_MOST) {
		shown = SHOWN_MOST;
		while (shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
			shown--;
	}
	return arena_format(arena, "%s%s--%s %.*s%s", file, *file ? ": " : "", option, (int)shown,
		text, shown < length ? "…" : "");
}

static void add(struct scenario *scenario, struct diag_source *sources, const char *option,
	const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = arena_text(&scenario->arena, texts[i]);
		sources[scenario->source_count++] = (struct diag_source){
			source_name(scenario, &scenario->arena, option, text), text, strlen(text)};
	}
}

void asked_sources(struct scenario *scenario)
{
	const struct reading *reading = &scenario->reading;
	struct diag_source *sources = arena_alloc(&scenario->arena,
		(reading->set_count + reading->filter_count + 1) * sizeof(*sources));
	scenario->sources = sources;
	add(scenario, sources, "set", reading->sets, reading->set_count);
	add(scenario, sources, "filter", reading->filters, reading->filter_count);
	if (reading->cell)
		add(scenario, sources, "explain", &reading->cell, 1);
}
