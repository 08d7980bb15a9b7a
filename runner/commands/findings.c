#include "commands/findings.h"

/* The texts that places are in; they are the same whoever reports. */
static void copy_texts(struct findings *findings, const struct diag *from)
{
	struct arena *arena = &findings->arena;
	struct diag *diag = &findings->diag;
	struct diag_source *sources =
		arena_alloc(arena, (from->source_count + 1) * sizeof(*sources));
	for (size_t i = 0; i < from->source_count; i++) {
		const struct diag_source *source = &from->sources[i];
		sources[i] = (struct diag_source){arena_text(arena, source->name),
			arena_copy(arena, source->text, source->length), source->length};
	}
	diag->text = arena_copy(arena, from->text, from->length);
	diag->length = from->length;
	diag->sources = sources;
	diag->source_count = from->source_count;
}

static void take(struct diag *from, void *context)
{
	struct findings *findings = context;
	if (from->count > 0 && findings->diag.length == 0)
		copy_texts(findings, from);
	for (size_t i = 0; i < from->count; i++)
		diag_copy(&findings->diag, &from->items[i]);
}

void findings_init(struct findings *findings, const char *path)
{
	arena_init(&findings->arena);
	diag_init(&findings->diag, &findings->arena,
		path ? arena_text(&findings->arena, path) : NULL, "", 0);
	findings->sink = (struct diag_sink){take, findings};
}

void findings_release(struct findings *findings)
{
	diag_release(&findings->diag);
	arena_release(&findings->arena);
}

size_t findings_count(struct findings *findings, enum severity severity)
{
	size_t count = 0;
	diag_sort(&findings->diag);
	for (size_t i = 0; i < findings->diag.count; i++)
		count += findings->diag.items[i].severity == severity;
	return count;
}
