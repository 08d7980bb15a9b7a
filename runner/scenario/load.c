/* A file → its text: only what can be a scenario is read; see load.h. */
#include "scenario/load.h"

#include "scenario/diag.h"
#include "scenario/scenario.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void load_skip_mark(const char **text, size_t *length)
{
	if (*length < 3 || memcmp(*text, "\xef\xbb\xbf", 3))
		return;
	*text += 3;
	*length -= 3;
}

static void report_size(struct diag *diag, uint64_t bytes)
{
	diag_error(diag, (struct place){0}, "scenario is %.1f MB; the limit is 1 MiB",
		(double)bytes / 1e6);
}

/* What YAML allows below the space: tab and the line breaks. */
static size_t control_fault(const char *text, size_t length)
{
	size_t at = 0;
	for (; at < length; at++) {
		unsigned char c = (unsigned char)text[at];
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f)
			break;
	}
	return at;
}

bool load_check_text(struct diag *diag, int source)
{
	struct place place = {.source = source};
	struct diag_source text = diag_source(diag, place);
	if (text.length > LOAD_MOST_BYTES) {
		report_size(diag, text.length);
		return false;
	}
	size_t fault = text_utf8_fault(text.text, text.length);
	size_t control = control_fault(text.text, text.length);
	size_t first = fault < control ? fault : control;
	if (first == text.length)
		return true;
	place = diag_place(text.text, text.length, first);
	place.source = source;
	unsigned byte = (unsigned char)text.text[first];
	if (fault < control)
		diag_error(diag, place, "the byte 0x%02x is not UTF-8; %s", byte,
			source ? "write it as UTF-8" : "save the file as UTF-8");
	else if (!byte)
		diag_error(diag, place, "a NUL byte; a scenario is plain text");
	else
		diag_error(diag, place, "the control character U+%04X; a scenario is plain text",
			byte);
	return false;
}

/* ---- files ---- */

const char *load_ending(const char *path)
{
	const char *dot = strrchr(path, '.');
	return dot && (!strcmp(dot, ".yaml") || !strcmp(dot, ".yml")) ? dot : NULL;
}

static bool is_scenario_name(const char *name)
{
	const char *ending = load_ending(name);
	return ending && ending != name;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The scenarios of a folder, as text in the arena, sorted. */
static size_t list_folder(struct arena *arena, const char *folder, const char **names, size_t most)
{
	size_t count = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *entry; dir && count < most && (entry = readdir(dir));) {
		if (is_scenario_name(entry->d_name))
			names[count++] = arena_text(arena, entry->d_name);
	}
	if (dir)
		closedir(dir);
	qsort(names, count, sizeof(*names), by_text);
	return count;
}

enum { LISTED_MOST = 1000 };

/* Without its ending. */
static const char *stem_of(struct arena *arena, const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && dot != name ? arena_copy(arena, name, (size_t)(dot - name)) : name;
}

/* "x" for "x.yaml", or the nearest name in the same folder. */
static const char *nearest_file(
	struct arena *arena, const char *base, const char *const *names, size_t count)
{
	const char *whole = arena_format(arena, "%s.yaml", base);
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(names[i], whole))
			return names[i];
	}
	/* What all of them end in makes none of them nearer. */
	const char **stems = arena_alloc(arena, (count + 1) * sizeof(*stems));
	for (size_t i = 0; i < count; i++)
		stems[i] = stem_of(arena, names[i]);
	const char *nearest = text_nearest(stem_of(arena, base), stems, count);
	for (size_t i = 0; i < count && nearest; i++) {
		if (stems[i] == nearest)
			return names[i];
	}
	return NULL;
}

static void report_missing(struct diag *diag)
{
	const char *names[LISTED_MOST];
	const char *slash = strrchr(diag->path, '/');
	size_t prefix = slash ? (size_t)(slash - diag->path) + 1 : 0;
	const char *folder = prefix ? arena_copy(diag->arena, diag->path, prefix) : ".";
	size_t count = list_folder(diag->arena, folder, names, LISTED_MOST);
	const char *near = nearest_file(diag->arena, diag->path + prefix, names, count);
	if (near && !strcmp(near, diag->path + prefix))
		diag_error(diag, (struct place){0},
			"no such file; it is a link to one that is not there: ls -l shows where");
	else if (near)
		diag_error(diag, (struct place){0}, "no such file; did you mean '%.*s%s'?",
			(int)prefix, diag->path, near);
	else if (strpbrk(diag->path + prefix, "=<>"))
		diag_error(diag, (struct place){0},
			"no such file; if it belongs to --filter, put the whole filter in quotes");
	else
		diag_error(diag, (struct place){0},
			"no such file; 'conrun init NAME' writes one to begin with");
}

static void report_unreadable(struct diag *diag)
{
	diag_error(diag, (struct place){0}, "cannot be read: %s; look at its permissions",
		strerror(errno));
}

static int open_file(struct diag *diag)
{
	if (!strcmp(diag->path, "-"))
		return dup(STDIN_FILENO);
	/* Opening a FIFO would wait for its writer. */
	int fd = open(diag->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		report_missing(diag);
	else if (fd < 0)
		report_unreadable(diag);
	return fd;
}

static bool is_readable(struct diag *diag, int fd)
{
	struct stat stat;
	if (fstat(fd, &stat)) {
		report_unreadable(diag);
		return false;
	}
	if (!strcmp(diag->path, "-") && !S_ISDIR(stat.st_mode))
		return true;
	if (S_ISDIR(stat.st_mode))
		diag_error(diag, (struct place){0}, "a directory, not a scenario; name a file");
	else if (!S_ISREG(stat.st_mode))
		diag_error(diag, (struct place){0},
			"not a regular file; name a YAML file, or - for standard input");
	else if (stat.st_size > LOAD_MOST_BYTES)
		report_size(diag, (uint64_t)stat.st_size);
	else
		return true;
	return false;
}

/* One byte more than the limit is enough to see that the text is too long. */
static bool read_all(struct diag *diag, int fd, char *bytes, size_t *length)
{
	*length = 0;
	while (*length <= LOAD_MOST_BYTES) {
		ssize_t got = read(fd, bytes + *length, LOAD_MOST_BYTES + 1 - *length);
		if (got == 0)
			return true;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			report_unreadable(diag);
			return false;
		}
		*length += (size_t)got;
	}
	return true;
}

int scenario_load(struct scenario *scenario, const char *path, const struct reading *reading)
{
	struct arena arena;
	struct diag diag;
	size_t length = 0;
	arena_init(&arena);
	diag_init(&diag, &arena, path, "", 0);
	char *bytes = arena_alloc(&arena, LOAD_MOST_BYTES + 1);
	int fd = open_file(&diag);
	bool read = fd >= 0 && is_readable(&diag, fd) && read_all(&diag, fd, bytes, &length);
	if (fd >= 0)
		close(fd);
	diag_publish(&diag, reading ? reading->sink : NULL);
	diag_release(&diag);
	int result = read ? scenario_parse(scenario, path, bytes, length, reading) : -1;
	arena_release(&arena);
	return result;
}
