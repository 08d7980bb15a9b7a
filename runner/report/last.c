/* Reads startup, elapsed and teardown times of a summary back, by the experiments' ids. */
#include "report/last.h"

#include "report/csv_read.h"

#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum field { EXPERIMENT, STATUS, ELAPSED, STARTUP, TEARDOWN, FIELDS };

static const char *const names[FIELDS] = {
	"experiment", "status", "elapsed_s", "startup_s", "teardown_s"};

struct row_place {
	uint64_t id;
	uint32_t index;
};

struct reader {
	size_t columns[FIELDS]; /* the column of a field, from 1; 0: not found */
	size_t column;          /* the current one, from 0 */
	bool in_rows;           /* behind the header */
	char id[18];
	bool ok;                  /* the row's status */
	double seconds;           /* of the row so far */
	struct row_place *places; /* by id */
	size_t count;
	uint64_t *last_ns;
};

static int compare(const void *a, const void *b)
{
	const struct row_place *left = a, *right = b;
	return (left->id > right->id) - (left->id < right->id);
}

static struct row_place *places_by_id(const struct plan *plan)
{
	struct row_place *places = memory_alloc(plan->experiment_count * sizeof(*places));
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		places[i] = (struct row_place){plan->experiments[i].id, i};
	qsort(places, plan->experiment_count, sizeof(*places), compare);
	return places;
}

static void take_name(struct reader *reader, const char *name, size_t length)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
			reader->columns[i] = reader->column + 1;
}

static void take_value(struct reader *reader, const char *value, size_t length)
{
	char text[64];
	snprintf(text, sizeof(text), "%.*s", (int)(length < 63 ? length : 63), value);
	csv_point(text, strlen(text));
	size_t column = reader->column + 1;
	if (column == reader->columns[EXPERIMENT])
		snprintf(reader->id, sizeof(reader->id), "%.17s", text);
	else if (column == reader->columns[STATUS])
		reader->ok = strcmp(text, "ok") == 0;
	else if (column == reader->columns[ELAPSED] || column == reader->columns[STARTUP] ||
		 column == reader->columns[TEARDOWN])
		reader->seconds += strtod(text, NULL);
}

static void on_field(void *bytes, size_t length, void *arg)
{
	struct reader *reader = arg;
	if (reader->in_rows)
		take_value(reader, bytes, length);
	else
		take_name(reader, bytes, length);
	reader->column++;
}

static void on_row(int end, void *arg)
{
	struct reader *reader = arg;
	(void)end;
	struct row_place key = {
		.id = reader->id[0] == 'x' ? strtoull(reader->id + 1, NULL, 16) : 0};
	const struct row_place *found =
		bsearch(&key, reader->places, reader->count, sizeof(*reader->places), compare);
	if (reader->in_rows && reader->ok && found && reader->seconds > 0)
		reader->last_ns[found->index] = (uint64_t)(reader->seconds * 1e9);
	reader->in_rows = true;
	reader->column = 0;
	reader->seconds = 0;
	reader->ok = false;
	reader->id[0] = '\0';
}

static bool parse(FILE *file, struct reader *reader)
{
	struct csv_parser parser;
	char bytes[16384];
	size_t count;
	if (csv_init(&parser, 0))
		return false;
	if (csv_dialect_of(file) == DIALECT_SEMICOLON)
		csv_set_delim(&parser, ';');
	while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0)
		if (csv_parse(&parser, bytes, count, on_field, on_row, reader) != count)
			break;
	bool whole = csv_error(&parser) == 0 && !ferror(file);
	csv_fini(&parser, on_field, on_row, reader);
	csv_free(&parser);
	return whole && reader->columns[EXPERIMENT] && reader->columns[ELAPSED];
}

uint64_t *last_read(const struct plan *plan, const char *path)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return NULL;
	struct reader reader = {
		.places = places_by_id(plan),
		.count = plan->experiment_count,
		.last_ns = memory_alloc(plan->experiment_count * sizeof(uint64_t)),
	};
	bool read = parse(file, &reader);
	fclose(file);
	free(reader.places);
	if (read)
		return reader.last_ns;
	free(reader.last_ns);
	return NULL;
}
