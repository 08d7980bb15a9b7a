/* Who ran which task when: a lane for each worker, from tasks.csv, of each experiment's first run
 * that is in it. */
#include "review/chart.h"
#include "review/plot.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	TIMELINES_MOST = 6,
	TASKS_MOST = 200,
	LANES_MOST = 24,
	NUMBERED_MOST = 24,
	FILE_BYTES_MOST = 4 * 1024 * 1024
};

struct span { /* the rows of one run */
	size_t first, count;
};

struct bar {
	double lane, started_s, finished_s;
};

/* Rows of a run stand together. */
static struct span next_run(const struct csv_table *tasks, size_t from)
{
	struct span run = {from, 0};
	const char *id = results_field(tasks, from, "experiment");
	const char *round = results_field(tasks, from, "round");
	while (from + run.count < tasks->row_count &&
		strcmp(results_field(tasks, from + run.count, "experiment"), id) == 0 &&
		strcmp(results_field(tasks, from + run.count, "round"), round) == 0)
		run.count++;
	return run;
}

static size_t row_of(const struct csv_table *summary, const char *experiment)
{
	size_t row = 0;
	while (row < summary->row_count &&
		strcmp(results_field(summary, row, "experiment"), experiment))
		row++;
	return row;
}

/* Tasks that began and ended, from the run's beginning; how many. */
static size_t read_bars(const struct csv_table *tasks, struct span run, struct bar *bars)
{
	size_t count = 0;
	for (size_t i = run.first; i < run.first + run.count; i++) {
		struct bar *bar = &bars[count];
		count += results_number(tasks, i, "worker", &bar->lane) &&
			 results_number(tasks, i, "started_s", &bar->started_s) &&
			 results_number(tasks, i, "finished_s", &bar->finished_s);
	}
	return count;
}

static void add_lanes(size_t lanes, struct text *script)
{
	struct text names[LANES_MOST];
	const char *texts[LANES_MOST] = {NULL};
	for (size_t i = 0; i < lanes; i++) {
		text_init(&names[i]);
		text_addf(&names[i], "worker %zu", i);
		texts[i] = text_get(&names[i]);
	}
	plot_lanes(script, texts, lanes);
	for (size_t i = 0; i < lanes; i++)
		text_release(&names[i]);
}

/* Neighbours differ in colour. */
static void add_bars(const struct csv_table *tasks, struct span run, const struct bar *bars,
	size_t count, double factor, struct text *script)
{
	text_add(script, "$tasks << END_OF_DATA\n");
	for (size_t i = 0; i < count; i++)
		text_addf(script, "%.0f %.9g %.9g %s %s\n", bars[i].lane,
			bars[i].started_s * factor, bars[i].finished_s * factor,
			palette[i % 2 ? 6 : 0].light + 1, /* without the # of a comment */
			run.count <= NUMBERED_MOST ? results_field(tasks, run.first + i, "task")
						   : "-");
	text_add(script, "END_OF_DATA\n");
}

static void plot_bars(bool numbered, struct text *script)
{
	text_add(script, "unset key\nset style fill solid 1 noborder\n"
			 "colour(name) = int(sprintf('%d', int('0x'.name)))\n"
			 "plot $tasks using 2:1:2:3:($1-0.35):($1+0.35):(colour(strcol(4))) "
			 "with boxxyerror lc rgb variable");
	text_addf(script,
		numbered ? ", $tasks using (($2+$3)/2):1:5 with labels textcolor rgb "
			   "'%s'\n"
			 : "\n",
		palette[PALETTE_PAPER].light);
}

static void say_bars(const struct bar *bars, size_t count, struct text *says)
{
	for (size_t i = 0; i < count && count <= NUMBERED_MOST; i++)
		text_addf(says, "%s worker %.0f from %.3g s to %.3g s", i ? "," : "", bars[i].lane,
			bars[i].started_s, bars[i].finished_s);
	text_add(says, count <= NUMBERED_MOST ? "." : " One bar for each task.");
}

static bool make(const struct csv_table *tasks, const struct csv_table *summary, struct span run,
	struct chart *chart)
{
	struct bar bars[TASKS_MOST];
	struct range range = {0, 0};
	double lanes = 0;
	if (run.count > TASKS_MOST)
		return false;
	size_t count = read_bars(tasks, run, bars);
	size_t row = row_of(summary, results_field(tasks, run.first, "experiment"));
	for (size_t i = 0; i < count; i++) {
		range_add(&range, bars[i].finished_s);
		lanes = bars[i].lane + 1 > lanes ? bars[i].lane + 1 : lanes;
	}
	if (count == 0 || row == summary->row_count || lanes > LANES_MOST)
		return false;
	struct scale scale = plot_scale("_s", range, false);
	add_lanes((size_t)lanes, &chart->script);
	plot_axis(&chart->script, "x", "time since the start", &scale, range);
	add_bars(tasks, run, bars, count, scale.factor, &chart->script);
	plot_bars(count <= NUMBERED_MOST, &chart->script);
	chart->height = 80 + 34 * (int)lanes;
	text_addf(&chart->title, "%s: who ran which task when, ",
		results_field(summary, row, "workload"));
	plot_row_name(summary, &(struct panel){.axis = "workers"}, &(struct panel_row){.row = row},
		&chart->title);
	text_addf(&chart->note, "%s Each bar is a task. The first run that was written down.",
		count <= NUMBERED_MOST ? "The numbers are those of the tasks." : "");
	text_addf(&chart->says, "%s:", text_get(&chart->title));
	say_bars(bars, count, &chart->says);
	return true;
}

static void add_all(
	struct charts *charts, const struct csv_table *tasks, const struct csv_table *summary)
{
	const char *seen[TIMELINES_MOST];
	size_t made = 0;
	struct chart *chart;
	for (size_t at = 0; at < tasks->row_count && made < TIMELINES_MOST;) {
		struct span run = next_run(tasks, at);
		const char *id = results_field(tasks, at, "experiment");
		bool known = false;
		at += run.count;
		for (size_t i = 0; i < made; i++)
			known |= strcmp(seen[i], id) == 0;
		if (known || !(chart = charts_next(charts)))
			continue;
		if (make(tasks, summary, run, chart)) {
			seen[made++] = id;
			text_addf(&chart->name, "timeline-%zu", made);
			charts->count++;
		} else {
			chart_release(chart);
		}
	}
}

void charts_add_tasks(struct charts *charts, const struct results *results)
{
	struct csv_table tasks;
	struct arena arena;
	struct stat file;
	struct err err;
	arena_init(&arena);
	const char *path = arena_format(&arena, "%s/tasks.csv", results->folder);
	if (*results->folder && stat(path, &file) == 0 && file.st_size <= FILE_BYTES_MOST &&
		csv_read(&tasks, path, &arena, &err) == 0)
		add_all(charts, &tasks, &results->summary);
	arena_release(&arena);
}
