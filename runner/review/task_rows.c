#include "review/task_rows.h"

#include "base/memory.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum field {
	FIELD_EXPERIMENT,
	FIELD_ROUND,
	FIELD_TASK,
	FIELD_WORKER,
	FIELD_SUBMITTED,
	FIELD_STARTED,
	FIELD_FINISHED,
	FIELD_VALUE,
	FIELD_STATUS,
	FIELDS,
};

static const char header[] =
	"experiment,round,task,worker,submitted_s,started_s,finished_s,value,status";

/* Cuts a line at its commas, and its end off; none of the fields is ever quoted. */
static bool split(char *line, char **fields)
{
	line[strcspn(line, "\r\n")] = '\0';
	for (int i = 0; i < FIELDS; i++) {
		fields[i] = line;
		line += strcspn(line, ",");
		if ((*line == '\0') != (i == FIELDS - 1))
			return false;
		*line++ = '\0';
	}
	return true;
}

static double seconds(const char *field)
{
	return *field ? strtod(field, NULL) : -1;
}

static struct task_run *find_run(struct task_rows *rows, const char *experiment)
{
	for (size_t i = rows->run_count; i-- > 0;)
		if (strcmp(rows->runs[i].experiment, experiment) == 0)
			return &rows->runs[i];
	return NULL;
}

static struct task_run *add_run(struct task_rows *rows, const char *experiment, unsigned round)
{
	if (rows->run_count == TASK_RUNS_MOST)
		return NULL;
	rows->runs =
		memory_grow(rows->runs, rows->run_count, &rows->run_capacity, sizeof(*rows->runs));
	struct task_run *run = &rows->runs[rows->run_count++];
	*run = (struct task_run){.round = round, .first = rows->row_count};
	snprintf(run->experiment, sizeof(run->experiment), "%s", experiment);
	return run;
}

/* Rows of a run stand together, so that those of the newest run are the last. */
static void add_row(struct task_rows *rows, char *const *fields)
{
	unsigned round = (unsigned)strtoul(fields[FIELD_ROUND], NULL, 10);
	struct task_run *run = find_run(rows, fields[FIELD_EXPERIMENT]);
	if (!run)
		run = add_run(rows, fields[FIELD_EXPERIMENT], round);
	if (!run || run->round != round)
		return;
	run->tasks++;
	if (rows->row_count == TASK_ROWS_MOST || run->first + run->count != rows->row_count)
		return;
	rows->rows =
		memory_grow(rows->rows, rows->row_count, &rows->row_capacity, sizeof(*rows->rows));
	rows->rows[rows->row_count++] = (struct task_row){
		.task = strtoull(fields[FIELD_TASK], NULL, 10),
		.worker = (uint32_t)strtoul(fields[FIELD_WORKER], NULL, 10),
		.started_s = seconds(fields[FIELD_STARTED]),
		.finished_s = seconds(fields[FIELD_FINISHED]),
		.status = fields[FIELD_STATUS][0],
	};
	run->count++;
}

/* A last line without its end was being written when the session died. */
static int read_lines(struct task_rows *rows, FILE *file, const char *path, struct err *err)
{
	char *line = NULL, *fields[FIELDS];
	size_t size = 0, number = 0;
	int failed = 0;
	for (ssize_t length; !failed && (length = getline(&line, &size, file)) > 0; number++) {
		if (line[length - 1] != '\n')
			break;
		if (number == 0)
			failed = strncmp(line, header, sizeof(header) - 1) != 0;
		else if ((failed = !split(line, fields)) == 0)
			add_row(rows, fields);
	}
	free(line);
	if (failed || number == 0)
		return err_set(err, "'%s' is not as conrun writes it: line %zu", path,
			number ? number : 1);
	return ferror(file) ? err_errno(err, EIO, "cannot read '%s'", path) : 0;
}

int task_rows_read(struct task_rows *rows, const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	*rows = (struct task_rows){.row_count = 0};
	if (!file)
		return err_errno(err, errno, "cannot read '%s'", path);
	int failed = read_lines(rows, file, path, err);
	fclose(file);
	if (failed)
		task_rows_release(rows);
	return failed;
}

void task_rows_release(struct task_rows *rows)
{
	free(rows->rows);
	free(rows->runs);
	*rows = (struct task_rows){.row_count = 0};
}
