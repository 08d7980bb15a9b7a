/* From what a user wrote to a session: by path, or the newest finished ones of a scenario. */
#include "review/find.h"

#include "base/text.h"
#include "report/csv_read.h"
#include "scenario/load.h"
#include "scenario/node.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { NAMED_MOST = 12 };

struct found { /* names in a folder, in the arena */
	const char **names;
	size_t count, capacity;
};

static bool is_folder(const char *path)
{
	struct stat file;
	return stat(path, &file) == 0 && S_ISDIR(file.st_mode);
}

/* 2026-11-21T19-54-56Z, and -2 behind it: 0 is a digit, every other character is itself. */
static bool is_session_name(const char *name)
{
	static const char form[] = "0000-00-00T00-00-00Z";
	for (size_t i = 0; i < sizeof(form) - 1; i++)
		if (form[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != form[i])
			return false;
	const char *rest = name + sizeof(form) - 1;
	return !*rest || (rest[0] == '-' && rest[1] && !rest[1 + strspn(rest + 1, "0123456789")]);
}

/* Of two that began in the same second, the longer suffix is the larger number. */
static int newest_first(const void *left, const void *right)
{
	const char *a = *(const char *const *)left, *b = *(const char *const *)right;
	int by_second = strncmp(b, a, strlen("2026-11-21T19-54-56Z"));
	size_t a_length = strlen(a), b_length = strlen(b);
	if (by_second || a_length == b_length)
		return by_second ? by_second : strcmp(b, a);
	return a_length < b_length ? 1 : -1;
}

/* The folders in `path`: sessions, the newest first, or any others. */
static struct found folders_in(const char *path, bool sessions, struct arena *arena)
{
	struct found found = {.names = NULL};
	DIR *dir = opendir(path);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		const char *name = entry->d_name;
		if (name[0] == '.' || is_session_name(name) != sessions ||
			!is_folder(arena_format(arena, "%s/%s", path, name)))
			continue;
		found.names = memory_grow(
			found.names, found.count, &found.capacity, sizeof(*found.names));
		found.names[found.count++] = arena_text(arena, name);
	}
	if (dir)
		closedir(dir);
	if (found.count && sessions)
		qsort(found.names, found.count, sizeof(*found.names), newest_first);
	return found;
}

/* It came to its end: run.json has an outcome that does not say otherwise. */
static bool is_finished(const char *folder, struct arena *arena)
{
	if (!csv_exists(arena_format(arena, "%s/summary.csv", folder)))
		return false;
	json_t *run = json_load_file(arena_format(arena, "%s/run.json", folder), 0, NULL);
	json_t *outcome = json_object_get(run, "outcome");
	bool finished =
		json_is_object(outcome) && !json_is_true(json_object_get(outcome, "interrupted"));
	json_decref(run);
	return finished;
}

static void report_too_few(const char *folder, size_t sessions, size_t finished, struct err *err)
{
	if (finished)
		err_set(err, "only %zu finished session%s in '%s'; run the scenario once more",
			finished, finished > 1 ? "s" : "", folder);
	else if (sessions)
		err_set(err, "none of the %zu session%s in '%s' is finished; run the scenario",
			sessions, sessions > 1 ? "s" : "", folder);
	else
		err_set(err, "no session in '%s'; run the scenario", folder);
}

const char *find_newest(const char *scenario, const char *output,
	bool (*fits)(const char *folder, const void *arg), const void *arg, struct arena *arena)
{
	const char *folder = arena_format(arena, "%s/%s", output, scenario);
	struct found sessions = folders_in(folder, true, arena);
	const char *newest = NULL;
	for (size_t i = 0; i < sessions.count && !newest; i++) {
		const char *session = arena_format(arena, "%s/%s", folder, sessions.names[i]);
		if (!fits || fits(session, arg))
			newest = session;
	}
	free(sessions.names);
	return newest;
}

static const char *newest_in(
	const char *folder, unsigned back, struct arena *arena, struct err *err)
{
	struct found sessions = folders_in(folder, true, arena);
	const char *path = NULL;
	size_t finished = 0;
	for (size_t i = 0; i < sessions.count && !path; i++) {
		const char *session = arena_format(arena, "%s/%s", folder, sessions.names[i]);
		if (is_finished(session, arena) && finished++ == back)
			path = session;
	}
	if (!path)
		report_too_few(folder, sessions.count, finished, err);
	free(sessions.names);
	return path;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* In alphabetical order; those that hold no session too. */
static struct found known_in(const char *output, struct arena *arena)
{
	struct found known = folders_in(output, false, arena);
	if (known.count)
		qsort(known.names, known.count, sizeof(*known.names), compare_names);
	return known;
}

static const char *list_known(const char *output, const struct found *known, struct arena *arena)
{
	struct text list;
	text_init(&list);
	for (size_t i = 0; i < known->count && i < NAMED_MOST; i++)
		text_addf(&list, "%s%s", i ? ", " : "", known->names[i]);
	if (known->count > NAMED_MOST)
		text_addf(&list, " and %zu more", known->count - NAMED_MOST);
	const char *copy =
		known->count ? arena_format(arena, "'%s' has %s", output, text_get(&list)) : "";
	text_release(&list);
	return copy;
}

const char *find_known(const char *output, struct arena *arena)
{
	struct found known = known_in(output, arena);
	const char *list = list_known(output, &known, arena);
	free(known.names);
	return list;
}

/* One that begins as the name does and goes on with a dash: `first-quick` of `first`. */
static const char *find_variant(const char *name, const struct found *known)
{
	size_t length = strlen(name);
	for (size_t i = 0; i < known->count; i++)
		if (strncmp(known->names[i], name, length) == 0 && known->names[i][length] == '-')
			return known->names[i];
	return NULL;
}

static const char *report_unknown(
	const char *name, const char *output, struct arena *arena, struct err *err)
{
	if (!is_folder(output)) {
		err_set(err,
			"cannot look for '%s': there is no folder '%s'; run a scenario, or say "
			"with --output where its results are",
			name, output);
		return NULL;
	}
	struct found known = known_in(output, arena);
	const char *variant = find_variant(name, &known);
	const char *nearest = text_nearest(name, known.names, known.count);
	err_set(err, "no results of '%s' in '%s'", name, output);
	if (variant)
		err_remedy(err, "there is '%s'", variant);
	else if (nearest)
		err_remedy(err, "did you mean '%s'?", nearest);
	else
		err_remedy(err, "run the scenario, or say with --output where its results are");
	if (!variant && !nearest && known.count)
		err_remedy(err, "%s", list_known(output, &known, arena));
	free(known.names);
	return NULL;
}

static const char *by_name(
	const char *name, const char *output, unsigned back, struct arena *arena, struct err *err)
{
	const char *folder = arena_format(arena, "%s/%s", output, name);
	if (!*name || strchr(name, '/')) {
		err_set(err, "no such file or folder: '%s'; name a session's folder or a scenario",
			name);
		return NULL;
	}
	return is_folder(folder) ? newest_in(folder, back, arena, err)
				 : report_unknown(name, output, arena, err);
}

/* ---- a scenario's file ---- */

static const char *stem_of(const char *path, struct arena *arena)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	const char *dot = strrchr(base, '.');
	return arena_copy(arena, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));
}

/* What `name:` says; NULL where it says nothing. What else is wrong with the file does not
 * matter here. */
static const char *name_in(const char *text, size_t length, struct arena *arena)
{
	struct diag diag;
	load_skip_mark(&text, &length);
	diag_init(&diag, arena, "", text, length);
	const struct node *root =
		load_check_text(&diag, 0) ? node_parse(text, length, arena, &diag) : NULL;
	const struct node *name = root && root->kind == NODE_MAP ? node_find(root, "name") : NULL;
	diag_release(&diag);
	return name && name->kind == NODE_SCALAR ? name->text : NULL;
}

/* A file that is gone still has left its results. */
static const char *scenario_name_of(const char *path, struct arena *arena)
{
	FILE *file = fopen(path, "re");
	const char *name = NULL;
	if (file) {
		char *text = arena_alloc(arena, LOAD_MOST_BYTES + 1);
		size_t length = fread(text, 1, LOAD_MOST_BYTES, file);
		name = name_in(text, length, arena);
		fclose(file);
	}
	return name ? name : stem_of(path, arena);
}

/* ---- paths ---- */

/* The summary in a session's folder stands for the session. */
static const char *by_csv(const char *path, struct arena *arena)
{
	static const char name[] = "/summary.csv";
	size_t length = strlen(path), tail = sizeof(name) - 1;
	if (strcmp(path, name + 1) == 0)
		return csv_exists("runs.csv") ? "." : path;
	if (length <= tail || strcmp(path + length - tail, name))
		return path;
	const char *folder = arena_copy(arena, path, length - tail);
	return csv_exists(arena_format(arena, "%s/runs.csv", folder)) ? folder : path;
}

static const char *without_slashes(const char *path, struct arena *arena)
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		length--;
	return arena_copy(arena, path, length);
}

static const char *by_folder(
	const char *folder, const char *output, unsigned back, struct arena *arena, struct err *err)
{
	if (csv_exists(arena_format(arena, "%s/summary.csv", folder)))
		return folder;
	struct found sessions = folders_in(folder, true, arena);
	free(sessions.names);
	if (sessions.count)
		return newest_in(folder, back, arena, err);
	if (is_folder(arena_format(arena, "%s/%s", output, folder)))
		return by_name(folder, output, back, arena, err);
	if (csv_exists(arena_format(arena, "%s/run.json", folder)))
		err_set(err,
			"'%s' has no summary.csv: the session did not come to its end; go on with "
			"it: conrun FILE --resume",
			folder);
	else
		err_set(err,
			"'%s' is no session: there is no summary.csv in it; name a folder such as "
			"results/<scenario>/<UTC time>, or a scenario",
			folder);
	return NULL;
}

const char *find_session(
	const char *what, const char *output, unsigned back, struct arena *arena, struct err *err)
{
	size_t length = strlen(what);
	if (is_folder(what))
		return by_folder(without_slashes(what, arena), output, back, arena, err);
	if (load_ending(what))
		return by_name(scenario_name_of(what, arena), output, back, arena, err);
	if (csv_exists(what) || (length > 4 && strcmp(what + length - 4, ".csv") == 0))
		return by_csv(what, arena);
	return by_name(what, output, back, arena, err);
}
