#include "report/added.h"

#include <stdlib.h>

void added_init(struct added *added)
{
	*added = (struct added){0};
	arena_init(&added->arena);
}

void added_release(struct added *added)
{
	arena_release(&added->arena);
	free(added->columns);
	free(added->cells);
}

void added_column(struct added *added, const char *name, const char *help)
{
	added->columns = memory_grow(
		added->columns, added->count, &added->capacity, sizeof(*added->columns));
	added->columns[added->count++] = (struct added_column){
		arena_text(&added->arena, name), arena_text(&added->arena, help), false};
}

void added_rows(struct added *added, uint32_t rows)
{
	if (added->count)
		added->cells = memory_alloc(added->count * rows * sizeof(*added->cells));
}

void added_set(
	struct added *added, uint32_t row, size_t column, enum datum_kind kind, const char *text)
{
	struct added_cell *cell = &added->cells[row * added->count + column];
	*cell = (struct added_cell){kind, arena_text(&added->arena, text)};
	added->columns[column].words |= kind == DATUM_TEXT;
}

struct added_cell added_get(const struct added *added, uint32_t row, size_t column)
{
	if (!added->cells)
		return (struct added_cell){DATUM_NUMBER, ""};
	struct added_cell cell = added->cells[row * added->count + column];
	if (!cell.text)
		cell = (struct added_cell){DATUM_NUMBER, ""};
	return cell;
}
