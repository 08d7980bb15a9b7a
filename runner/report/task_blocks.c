#include "report/task_blocks.h"

#include "base/memory.h"
#include "report/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `x0123456789abcdef,1,`; 0: it is no row. */
static size_t prefix_bytes(const char *line)
{
	const char *comma = strchr(line, ',');
	const char *second = comma ? strchr(comma + 1, ',') : NULL;
	size_t bytes = second ? (size_t)(second - line) + 1 : 0;
	return bytes < TASK_PREFIX_MOST ? bytes : 0;
}

void task_blocks_drop(struct task_blocks *blocks, const char *prefix)
{
	for (size_t i = 0; i < blocks->count; i++)
		if (strcmp(blocks->items[i].prefix, prefix) == 0)
			blocks->any_dropped = blocks->items[i].dropped = true;
}

static void begin_block(struct task_blocks *blocks, const char *line, size_t bytes, off_t at)
{
	struct task_block block = {.from = at};
	memcpy(block.prefix, line, bytes);
	task_blocks_drop(blocks, block.prefix);
	blocks->items = memory_grow(
		blocks->items, blocks->count, &blocks->capacity, sizeof(*blocks->items));
	blocks->items[blocks->count++] = block;
}

static void read_lines(struct task_blocks *blocks, FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	off_t at = 0;
	for (ssize_t length; (length = getline(&line, &size, file)) > 0; at += length) {
		size_t bytes = at ? prefix_bytes(line) : 0; /* the first is the header */
		const char *last = blocks->count ? blocks->items[blocks->count - 1].prefix : "";
		if (bytes == 0)
			continue;
		if (strlen(last) != bytes || memcmp(last, line, bytes) != 0)
			begin_block(blocks, line, bytes, at);
		blocks->items[blocks->count - 1].to = at + length;
	}
	free(line);
}

int task_blocks_read(struct task_blocks *blocks, const char *path, struct err *err)
{
	*blocks = (struct task_blocks){.count = 0};
	FILE *file = fopen(path, "re");
	if (!file)
		return err_errno(err, errno, "cannot read '%s'", path);
	read_lines(blocks, file);
	int failed = ferror(file) ? err_errno(err, EIO, "cannot read '%s'", path) : 0;
	fclose(file);
	return failed;
}

void task_blocks_release(struct task_blocks *blocks)
{
	free(blocks->items);
	blocks->items = NULL;
}

/* From where it stands up to `to`, or to the end. */
static int copy(FILE *from, struct file *file, off_t to, const char *path, struct err *err)
{
	char bytes[16384];
	for (off_t at = ftello(from); to < 0 || at < to;) {
		size_t wanted = to < 0 || to - at > (off_t)sizeof(bytes) ? sizeof(bytes)
									 : (size_t)(to - at);
		size_t got = fread(bytes, 1, wanted, from);
		if (got == 0)
			break;
		if (file_add(file, bytes, got, err))
			return -1;
		at += (off_t)got;
	}
	return ferror(from) ? err_errno(err, EIO, "cannot read '%s'", path) : 0;
}

static int copy_rest(const struct task_blocks *blocks, FILE *from, struct file *file,
	const char *path, struct err *err)
{
	for (size_t i = 0; i < blocks->count; i++) {
		if (!blocks->items[i].dropped)
			continue;
		if (copy(from, file, blocks->items[i].from, path, err))
			return -1;
		fseeko(from, blocks->items[i].to, SEEK_SET);
	}
	return copy(from, file, -1, path, err);
}

int task_blocks_remove(const struct task_blocks *blocks, const char *path, struct err *err)
{
	struct file file;
	FILE *from = fopen(path, "re");
	if (!from)
		return err_errno(err, errno, "cannot read '%s'", path);
	int failed = file_create(&file, path, err);
	if (!failed) {
		failed = copy_rest(blocks, from, &file, path, err);
		if (failed)
			file_abandon(&file);
		else
			failed = file_commit(&file, err);
	}
	fclose(from);
	return failed;
}
