#include "report/csv_read.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct reader {
	struct arena *arena;
	const char **fields; /* owned until they are in the arena */
	size_t count, capacity;
	size_t width, rows; /* width: 0 until the header ends */
	size_t column;
	size_t uneven; /* the first row that is not as wide; 0: none */
	enum csv_dialect dialect;
};

bool csv_exists(const char *path)
{
	struct stat file;
	return stat(path, &file) == 0 && S_ISREG(file.st_mode);
}

enum csv_dialect csv_dialect_of(FILE *file)
{
	static const char name[] = "scenario;";
	char start[sizeof(name) - 1];
	bool found = fread(start, 1, sizeof(start), file) == sizeof(start) &&
		     memcmp(start, name, sizeof(start)) == 0;
	rewind(file);
	return found ? DIALECT_SEMICOLON : DIALECT_COMMA;
}

void csv_point(char *field, size_t length)
{
	char *comma = memchr(field, ',', length);
	if (!comma || memchr(field, '.', length))
		return;
	*comma = '.';
	if (!csv_is_number(field))
		*comma = ',';
}

static void on_field(void *bytes, size_t length, void *arg)
{
	struct reader *reader = arg;
	reader->fields = memory_grow(
		reader->fields, reader->count, &reader->capacity, sizeof(*reader->fields));
	char *field = arena_copy(reader->arena, bytes ? bytes : "", length);
	if (reader->dialect == DIALECT_SEMICOLON)
		csv_point(field, length);
	reader->fields[reader->count++] = field;
	reader->column++;
}

static void on_row(int end, void *arg)
{
	struct reader *reader = arg;
	(void)end;
	if (!reader->rows)
		reader->width = reader->column;
	reader->rows++;
	if (reader->column != reader->width && !reader->uneven)
		reader->uneven = reader->rows;
	reader->column = 0;
}

static int parse(FILE *file, struct reader *reader, const char *path, struct err *err)
{
	struct csv_parser parser;
	char bytes[16384];
	size_t count, total = 0;
	if (csv_init(&parser, CSV_STRICT))
		return err_set(err, "cannot read '%s': out of memory", path);
	if (reader->dialect == DIALECT_SEMICOLON)
		csv_set_delim(&parser, ';');
	while ((count = fread(bytes, 1, sizeof(bytes), file)) > 0) {
		total += count;
		if (total > CSV_MOST_BYTES ||
			csv_parse(&parser, bytes, count, on_field, on_row, reader) != count)
			break;
	}
	bool faulty = csv_error(&parser) || csv_fini(&parser, on_field, on_row, reader);
	csv_free(&parser);
	if (ferror(file))
		return err_errno(err, errno, "cannot read '%s'", path);
	if (total > CSV_MOST_BYTES)
		return err_set(err, "'%s' is larger than 64 MiB", path);
	if (faulty)
		return err_set(err, "'%s' is no CSV file", path);
	if (!reader->rows)
		return err_set(err, "'%s' is empty", path);
	if (reader->uneven)
		return err_set(
			err, "'%s': row %zu is not as wide as the header", path, reader->uneven);
	return 0;
}

int csv_read(struct csv_table *table, const char *path, struct arena *arena, struct err *err)
{
	struct reader reader = {.arena = arena};
	FILE *file = fopen(path, "re");
	if (!file)
		return err_errno(err, errno, "cannot read '%s'", path);
	reader.dialect = csv_dialect_of(file);
	int failed = parse(file, &reader, path, err);
	fclose(file);
	if (!failed) {
		const char **fields = arena_alloc(arena, reader.count * sizeof(*fields));
		memcpy(fields, reader.fields, reader.count * sizeof(*fields));
		*table = (struct csv_table){reader.width, reader.rows - 1, fields};
	}
	free(reader.fields);
	return failed;
}
