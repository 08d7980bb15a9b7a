/* A session's files read back, and which session a name, a file or a folder stands for. */
#include "base/text.h"
#include "review/results.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SUMMARY "scenario,experiment,status,runs,elapsed_s,executor\r\nit,x1,ok,2,0.5,thread\r\n"
#define RUNS                                                                                       \
	"experiment,round,status,elapsed_s,note\r\n"                                               \
	"x2,1,ok,7,\r\nx1,10,ok,0.10,\"a,b\"\r\nx1,2,ok,0.2,\r\nx1,3,failed,9,\r\nx1,4,ok,,\r\n"   \
	"x1,1,ok,0.1e0,\r\n"
#define FINISHED    "{\"outcome\": {\"interrupted\": false}}"
#define INTERRUPTED "{\"outcome\": {\"interrupted\": true}}"
#define RUNNING     "{\"outcome\": null}"

static char root[] = "/tmp/conrun-results-XXXXXX";

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

/* NULL: no such file. */
static void write_session(
	const char *folder, const char *summary, const char *runs, const char *run)
{
	const struct {
		const char *name, *text;
	} files[] = {{"summary.csv", summary}, {"runs.csv", runs}, {"run.json", run}};
	char path[200];
	assert_true(mkdir(folder, 0777) == 0 || errno == EEXIST);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, files[i].name);
		if (files[i].text)
			write_file(path, files[i].text);
	}
}

static int make_tree(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(root));
	assert_int_equal(chdir(root), 0);
	assert_int_equal(mkdir("results", 0777) || mkdir("results/it", 0777), 0);
	assert_int_equal(mkdir("results/idle", 0777) || mkdir("results/never", 0777), 0);
	write_session("results/it/2026-01-01T00-00-00Z", SUMMARY, RUNS, FINISHED);
	write_session("results/it/2026-01-02T00-00-00Z", SUMMARY, RUNS, FINISHED);
	write_session("results/it/2026-01-02T00-00-00Z-2", SUMMARY, RUNS, FINISHED);
	write_session("results/it/2026-01-02T00-00-00Z-10", SUMMARY, RUNS, FINISHED);
	write_session("results/it/2026-01-03T00-00-00Z", SUMMARY, RUNS, INTERRUPTED);
	write_session("results/it/2026-01-04T00-00-00Z", NULL, RUNS, RUNNING);
	write_session("results/it/2026-01-05T00-00-00Z", SUMMARY, RUNS, "{\"outco");
	write_session("results/it/2026-01-06T00-00-00Z", NULL, RUNS, FINISHED);
	write_session("results/it/notes", SUMMARY, RUNS, FINISHED);
	write_session("results/idle/2026-01-01T00-00-00Z", SUMMARY, RUNS, INTERRUPTED);
	write_file("results/it.csv", SUMMARY);
	write_file("other.yaml", "# nothing else\nname: it\ntasks: [\n");
	write_file("named.yaml", "\xef\xbb\xbfname: it\nworkloads: 3\n");
	write_file("it.yaml", "tasks: 3\n");
	return 0;
}

static int remove_one(const char *path, const struct stat *file, int kind, struct FTW *at)
{
	(void)file, (void)kind, (void)at;
	return remove(path);
}

static int remove_tree(void **state)
{
	(void)state;
	return nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void assert_found(const char *what, unsigned back, const char *path)
{
	struct results results;
	struct err err = {.text = ""};
	if (results_open(&results, what, "results", back, &err))
		fail_msg("%s: %s", what, err.text);
	assert_string_equal(results.path, path);
	results_release(&results);
}

static void assert_refused(const char *what, unsigned back, const char *text)
{
	struct results results;
	struct err err = {.text = ""};
	assert_int_equal(results_open(&results, what, "results", back, &err), -1);
	if (!strstr(err.text, text))
		fail_msg("'%s' is not in '%s'", text, err.text);
}

static void names_stand_for_finished_sessions(void **state)
{
	(void)state;
	assert_found("it", 0, "results/it/2026-01-02T00-00-00Z-10");
	assert_found("it", 1, "results/it/2026-01-02T00-00-00Z-2");
	assert_found("it", 2, "results/it/2026-01-02T00-00-00Z");
	assert_found("it", 3, "results/it/2026-01-01T00-00-00Z");
	assert_found("results/it", 3, "results/it/2026-01-01T00-00-00Z");
	assert_found("it.yaml", 0, "results/it/2026-01-02T00-00-00Z-10");
	assert_found("named.yaml", 0, "results/it/2026-01-02T00-00-00Z-10");
	assert_found("gone/it.yaml", 0, "results/it/2026-01-02T00-00-00Z-10");
}

static void paths_stand_for_themselves(void **state)
{
	(void)state;
	assert_found("results/it/2026-01-01T00-00-00Z", 0, "results/it/2026-01-01T00-00-00Z");
	assert_found("results/it/2026-01-01T00-00-00Z//", 0, "results/it/2026-01-01T00-00-00Z");
	assert_found("results/it/2026-01-03T00-00-00Z", 1, "results/it/2026-01-03T00-00-00Z");
	assert_found("results/it/2026-01-01T00-00-00Z/summary.csv", 0,
		"results/it/2026-01-01T00-00-00Z");
	assert_found("results/it.csv", 0, "results/it.csv");
}

static void what_is_not_there_is_named(void **state)
{
	(void)state;
	assert_refused("it", 4, "only 4 finished sessions in 'results/it'; run");
	assert_refused("idle", 0, "none of the 1 session in 'results/idle' is finished; run");
	assert_refused("never", 0, "no session in 'results/never'; run");
	assert_refused("idl", 0, "no results of 'idl' in 'results'; did you mean 'idle'?");
	assert_refused("something", 0, "no results of 'something' in 'results'; run");
	assert_refused("a/b", 0, "no such file or folder: 'a/b'");
	assert_refused("results/none.csv", 0, "cannot read 'results/none.csv'");
	assert_refused("results", 0, "'results' is no session: there is no summary.csv");
	assert_refused("results/it/2026-01-04T00-00-00Z", 0, "did not come to its end");
	struct results results;
	struct err err = {.text = ""};
	assert_int_equal(results_open(&results, "it", "elsewhere", 0, &err), -1);
	assert_non_null(strstr(err.text, "there is no folder 'elsewhere'"));
}

static void faults_name_the_file(void **state)
{
	(void)state;
	static const char *const runs[][2] = {
		{"experiment,round,status,elapsed_s\r\nx1,1,o", "ends within a line"},
		{"experiment,round,status,elapsed_s\r\nx1,1,ok\r\n", "row 2 is not as wide"},
		{"experiment,round,status\r\nx1,1,ok\r\n", "no column 'elapsed_s'"},
		{"\"experiment,round\n", "'torn/runs.csv'"},
		{"", "'torn/runs.csv' is empty"},
	};
	assert_refused("results/it/2026-01-05T00-00-00Z", 0, "run.json': line 1");
	assert_refused("results/it/2026-01-01T00-00-00Z/runs.csv", 0, "no column 'scenario'");
	for (size_t i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		write_session("torn", SUMMARY, runs[i][0], FINISHED);
		assert_refused("torn", 0, runs[i][1]);
	}
}

static void fields_are_read(void **state)
{
	(void)state;
	struct results results;
	struct err err = {.text = ""};
	double number = -1;
	assert_int_equal(results_open(&results, "it", "results", 0, &err), 0);
	const struct csv_table *summary = &results.summary;
	assert_int_equal(summary->row_count, 1);
	assert_int_equal(results_column(summary, "status"), 2);
	assert_int_equal(results_column(summary, "nothing"), -1);
	assert_string_equal(results_field(summary, 0, "executor"), "thread");
	assert_string_equal(results_field(summary, 0, "nothing"), "");
	assert_true(results_number(summary, 0, "elapsed_s", &number));
	assert_true(number == 0.5);
	assert_false(results_number(summary, 0, "executor", &number));
	assert_false(results_number(summary, 0, "nothing", &number));
	assert_string_equal(results_field(&results.runs, 1, "note"), "a,b");
	assert_true(json_is_object(json_object_get(results.run, "outcome")));
	results_release(&results);
}

static void values_are_the_good_runs_by_round(void **state)
{
	(void)state;
	struct results results;
	struct err err = {.text = ""};
	double values[8];
	assert_int_equal(results_open(&results, "it", "results", 0, &err), 0);
	assert_int_equal(results_values(&results, "x1", "elapsed_s", values), 3);
	assert_true(values[0] == 0.1 && values[1] == 0.2 && values[2] == 0.1);
	assert_int_equal(results_values(&results, "x1", "round", values), 4);
	assert_true(values[0] == 1 && values[1] == 2 && values[2] == 4 && values[3] == 10);
	assert_int_equal(results_values(&results, "x2", "elapsed_s", values), 1);
	assert_int_equal(results_values(&results, "x", "elapsed_s", values), 0);
	assert_int_equal(results_values(&results, "x1", "nothing", values), 0);
	results_release(&results);

	assert_int_equal(results_open(&results, "results/it.csv", "results", 0, &err), 0);
	assert_string_equal(results.folder, "");
	assert_null(results.run);
	assert_int_equal(results_values(&results, "x1", "elapsed_s", values), 0);
	results_release(&results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_for_finished_sessions),
		cmocka_unit_test(paths_stand_for_themselves),
		cmocka_unit_test(what_is_not_there_is_named),
		cmocka_unit_test(faults_name_the_file),
		cmocka_unit_test(fields_are_read),
		cmocka_unit_test(values_are_the_good_runs_by_round),
	};
	return cmocka_run_group_tests(tests, make_tree, remove_tree);
}
