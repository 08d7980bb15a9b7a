/* `conrun init`: a commented scenario that runs as it is; beside it a Lua task, if wanted. */
#include "base/memory.h"
#include "base/pasted.h"
#include "commands/command.h"
#include "commands/draft.h"
#include "commands/example.h"
#include "scenario/check.h"
#include "script/find.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXECUTORS_MOST = 64 };

struct files {                        /* what is written */
	struct text scenario, script; /* their paths */
	struct text shell;            /* the scenario's, as a shell takes it */
	struct text name;             /* the script's, without its folder */
};

/* ---- names ---- */

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length > tail && strcmp(text + length - tail, end) == 0;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

static const char safe[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+,@%:";

static int check_name(const char *path, size_t stem, struct err *err)
{
	const char *base = base_of(path);
	char name[4096], better[NAME_MOST_BYTES + 1];
	snprintf(name, sizeof(name), "%.*s", (int)(stem - (size_t)(base - path)), base);
	if (name_is_safe(name))
		return 0;
	name_make_safe(name, better);
	return err_set(err,
		"'%.60s' cannot name a scenario, whose results get a folder of that name; "
		"write for instance: conrun init %.*s%s",
		name, (int)(base - path), path, better);
}

static int name_files(const char *given, struct files *files, struct err *err)
{
	bool whole = ends_with(given, ".yaml") || ends_with(given, ".yml");
	bool ending = whole || ends_with(given, ".lua");
	size_t stem = ending ? (size_t)(strrchr(given, '.') - given) : strlen(given);
	if (check_name(given, stem, err))
		return -1;
	text_addf(&files->scenario, "%.*s%s", (int)stem, given, whole ? given + stem : ".yaml");
	text_addf(&files->script, "%.*s.lua", (int)stem, given);
	text_add(&files->name, base_of(text_get(&files->script)));
	pasted_word(text_get(&files->scenario), &files->shell);
	return 0;
}

/* ---- the editor's line ---- */

/* A line ends at the first blank; what could not stand in it is written as in an address. */
static void add_address(const char *path, struct text *out)
{
	if (path[strspn(path, safe)] == '\0' && !strchr(path, '%')) {
		text_add(out, path);
		return;
	}
	text_add(out, "file://");
	for (; *path; path++) {
		if (strchr(safe, *path) && *path != '%')
			text_add_bytes(out, path, 1);
		else
			text_addf(out, "%%%02X", (unsigned char)*path);
	}
}

/* Below the schema's folder the way up is written, so that the tree can be moved. */
static void add_schema(const char *schema, const char *folder, struct text *out)
{
	size_t above = (size_t)(base_of(schema) - schema) - 1;
	if (strncmp(schema, folder, above) || (folder[above] && folder[above] != '/')) {
		add_address(schema, out);
		return;
	}
	if (!folder[above])
		text_add(out, "./");
	for (const char *at = folder + above; *at; at++)
		text_add(out, *at == '/' ? "../" : "");
	text_add(out, base_of(schema));
}

static void find_schema(const char *scenario, struct text *out)
{
	struct text path, folder;
	text_init(&path);
	text_init(&folder);
	find_folder(scenario, &folder);
	char *real_folder = realpath(folder.length ? text_get(&folder) : ".", NULL);
	char *real =
		find_data("conrun.schema.json", &path) ? realpath(text_get(&path), NULL) : NULL;
	if (real && real_folder)
		add_schema(real, real_folder, out);
	free(real);
	free(real_folder);
	text_release(&path);
	text_release(&folder);
}

/* ---- what is in it ---- */

static int unknown(const char *what, const char *option, const char *word, const char *const *names,
	size_t count, struct err *err)
{
	const char *nearest = text_nearest(word, names, count);
	if (nearest)
		return err_set(err, "unknown %s '%.60s'; did you mean '%s'?", what, word, nearest);
	return err_set(
		err, "unknown %s '%.60s' for --%s; 'conrun list' has them all", what, word, option);
}

static int choose_workload(
	const struct invocation *invocation, const struct workload **type, struct err *err)
{
	bool given = false, lua = invocation_has(invocation, FLAG_LUA);
	for (size_t i = 0; i < invocation->given_count; i++)
		given |= invocation->given[i].flag == FLAG_WORKLOAD;
	const char *name = invocation_value(invocation, FLAG_WORKLOAD);
	if (lua && given && strcmp(name, "lua") != 0)
		return err_set(err,
			"--lua writes a task in Lua, and --workload %s is none; give one of "
			"the two",
			name);
	*type = workload_find(lua ? "lua" : name);
	if (*type)
		return 0;
	size_t count = 0;
	while (workload_registry()[count])
		count++;
	const char **names = memory_alloc((count + 1) * sizeof(*names));
	for (size_t i = 0; i < count; i++)
		names[i] = workload_registry()[i]->name;
	unknown("workload", "workload", name, names, count, err);
	free(names);
	return -1;
}

static int add_executor(
	const char *name, const struct executor **chosen, size_t *count, struct err *err)
{
	const char *names[EXECUTORS_MOST];
	size_t known = 0;
	for (; executor_registry[known] && known < EXECUTORS_MOST; known++)
		names[known] = executor_registry[known]->name;
	const struct executor *type = executor_find(name);
	if (!type)
		return unknown("executor", "executors", name, names, known, err);
	for (size_t i = 0; i < *count; i++)
		if (chosen[i] == type)
			return 0;
	chosen[(*count)++] = type;
	return 0;
}

/* A list as --executors has it; without one those that show most, and the loop where the workload
 * has a form for it. */
static int choose_executors(const char *list, const struct workload *type,
	const struct executor **chosen, size_t *count, struct err *err)
{
	char name[64];
	if (!list)
		list = type->async_start ? "sequential,thread_pool,process_pool,async"
					 : "sequential,thread_pool,process_pool";
	for (const char *at = list; *at; at += strspn(at, ", ")) {
		int length = (int)strcspn(at, ", ");
		snprintf(name, sizeof(name), "%.*s", length, at);
		if (length && add_executor(name, chosen, count, err))
			return -1;
		at += length;
	}
	return *count ? 0
		      : err_set(err, "--executors names none; write for instance: --executors "
				     "thread_pool,process_pool");
}

/* ---- writing ---- */

static int check_absent(const char *path, struct err *err)
{
	if (access(path, F_OK) != 0)
		return 0;
	return err_set(
		err, "'%s' exists already; give another name, or --force to write over it", path);
}

static int write_file(const char *path, const struct text *text, bool force, struct err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0666);
	if (fd < 0 && errno == ENOENT)
		return err_set(
			err, "cannot write '%s': its folder is not there; make it first", path);
	if (fd < 0) {
		err_errno(err, errno, "cannot write '%s'", path);
		return err_remedy(err, "give a name in a folder that you may write to");
	}
	size_t done = 0;
	ssize_t part = 1;
	while (part > 0 && done < text->length) {
		part = write(fd, text->bytes + done, text->length - done);
		done += part > 0 ? (size_t)part : 0;
	}
	int failed = part < 0 ? errno : 0;
	if (close(fd) && !failed)
		failed = errno;
	return failed ? err_errno(err, failed, "cannot write '%s'", path) : 0;
}

static int write_all(
	const struct files *files, const struct draft *draft, bool force, struct err *err)
{
	const char *scenario = text_get(&files->scenario), *script = text_get(&files->script);
	struct text text;
	if (!force && (check_absent(scenario, err) || (draft->script && check_absent(script, err))))
		return -1;
	text_init(&text);
	draft_scenario(draft, &text);
	int result = write_file(scenario, &text, force, err);
	text_clear(&text);
	if (!result && draft->script) {
		draft_script(draft, &text);
		result = write_file(script, &text, force, err);
	}
	text_release(&text);
	return result;
}

static void tell(const struct files *files, const struct draft *draft)
{
	struct text run, plan, list;
	struct {
		struct text *line;
		const char *what;
	} lines[] = {{&plan, "what it comes to"}, {&run, "run it"}, {&list, "its parameters"}};
	size_t width = 0, count = sizeof(lines) / sizeof(lines[0]);
	for (size_t i = 0; i < count; i++)
		text_init(lines[i].line);
	text_addf(&plan, "%s plan %s%s", pasted_program(), draft->flags, draft->path);
	text_addf(&run, "%s %s%s", pasted_program(), draft->flags, draft->path);
	text_addf(&list, "%s list ", pasted_program());
	example_plugin(draft->type, &list);
	if (draft->script)
		pasted_word(text_get(&files->script), &list);
	else
		text_add(&list, draft->type->name);
	printf("wrote %s%s%s\n\n", draft->path, draft->script ? " and " : "",
		draft->script ? text_get(&files->script) : "");
	for (size_t i = 0; i < count; i++)
		width = lines[i].line->length > width ? lines[i].line->length : width;
	for (size_t i = 0; i < count; i++) {
		printf("  %-*s   %s\n", (int)width, text_get(lines[i].line), lines[i].what);
		text_release(lines[i].line);
	}
}

static int make(const struct invocation *invocation, struct files *files, struct err *err)
{
	const struct executor *executors[EXECUTORS_MOST];
	struct draft draft = {.executors = executors};
	struct text schema, flags;
	const char *given = invocation->operand_count ? invocation->operands[0] : "experiment";
	const char *list = invocation_value(invocation, FLAG_EXECUTORS);
	if (name_files(given, files, err) || choose_workload(invocation, &draft.type, err) ||
		choose_executors(list, draft.type, executors, &draft.executor_count, err))
		return -1;
	text_init(&schema);
	text_init(&flags);
	example_flags(draft.type, &flags);
	find_schema(text_get(&files->scenario), &schema);
	draft.schema = text_get(&schema);
	draft.flags = text_get(&flags);
	draft.path = text_get(&files->shell);
	draft.script = draft.type->open ? text_get(&files->name) : NULL;
	int result = write_all(files, &draft, invocation_has(invocation, FLAG_FORCE), err);
	if (!result)
		tell(files, &draft);
	text_release(&schema);
	text_release(&flags);
	return result;
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	struct files files;
	text_init(&files.scenario);
	text_init(&files.script);
	text_init(&files.shell);
	text_init(&files.name);
	int result = make(invocation, &files, err);
	text_release(&files.scenario);
	text_release(&files.script);
	text_release(&files.shell);
	text_release(&files.name);
	return result ? EXIT_USAGE : EXIT_OK;
}

static const struct example examples[] = {
	{"conrun init", "experiment.yaml, about waiting"},
	{"conrun init build/hashing --workload hash --executors thread_pool,process_pool",
		"build/hashing.yaml, about another workload"},
	{"conrun init build/mine --lua", "build/mine.yaml, and a task in build/mine.lua"},
	{0},
};

static const struct flag_use uses[] = {
	{.flag = FLAG_FORCE, .help = "write over files that are there"},
	{.flag = FLAG_EXECUTORS, .help = "how they are run, some of them: thread_pool,async"},
	{.flag = FLAG_LUA, .help = "a task in Lua, in a file beside it"},
	{0},
};

const struct command command_init = {
	.name = "init",
	.usage = "[NAME]",
	.summary = "write a commented scenario to begin with",
	.help = "Writes NAME.yaml, by default experiment.yaml: a scenario that runs as it is, in\n"
		"seconds, and says behind every line what it means. With --lua its tasks are in\n"
		"NAME.lua beside it.\n",
	.examples = examples,
	.flags = FLAG_BIT(FLAG_WORKLOAD) | FLAG_BIT(FLAG_EXECUTORS) | FLAG_BIT(FLAG_LUA) |
		 FLAG_BIT(FLAG_FORCE) | FLAG_BIT(FLAG_PLUGIN),
	.uses = uses,
	.operands = WORDS_NEW_NAME,
	.operands_most = 1,
	.run = run,
};
