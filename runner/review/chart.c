/* Which charts a session gets. */
#include "review/chart.h"

#include "report/utf8.h"
#include "review/palette.h"

enum { NAMED_MOST = 8 };

void chart_release(struct chart *chart)
{
	text_release(&chart->name);
	text_release(&chart->title);
	text_release(&chart->note);
	text_release(&chart->says);
	text_release(&chart->script);
}

void charts_release(struct charts *charts)
{
	for (size_t i = 0; i < charts->count; i++)
		chart_release(&charts->items[i]);
	text_release(&charts->left_out);
}

struct chart *charts_next(struct charts *charts)
{
	if (charts->count == CHARTS_MOST)
		return NULL;
	struct chart *chart = &charts->items[charts->count];
	*chart = (struct chart){.height = 320};
	return chart;
}

static const struct kind {
	const char *name;
	chart_maker *make;
} kinds[] = {{"time", chart_time}, {"speedup", chart_speedup}, {"lifecycle", chart_lifecycle},
	{"latency", chart_latency}};

static void add_of_panel(struct charts *charts, const struct csv_table *summary,
	const struct panel *panel, size_t number)
{
	struct chart *chart;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (panel->count == 0 || !(chart = charts_next(charts)))
			return;
		if (kinds[i].make(summary, panel, chart)) {
			text_addf(&chart->name, "%s-%zu", kinds[i].name, number);
			charts->count++;
		} else {
			chart_release(chart);
		}
	}
}

static void name_left_out(struct charts *charts, const struct panels *panels)
{
	for (size_t i = 0; i < panels->left_out_count && i < NAMED_MOST; i++) {
		text_add(&charts->left_out, i ? "; " : "");
		utf8_add_line(&charts->left_out, panels->left_out[i]);
	}
	if (panels->left_out_count > NAMED_MOST)
		text_addf(&charts->left_out, "; and %zu more", panels->left_out_count - NAMED_MOST);
}

void charts_make(struct charts *charts, const struct results *results)
{
	struct panels panels;
	*charts = (struct charts){.count = 0};
	text_init(&charts->left_out);
	charts_add_tasks(charts, results);
	panels_make(&panels, &results->summary);
	for (size_t i = 0; i < panels.count; i++)
		add_of_panel(charts, panels.summary, &panels.items[i], i + 1);
	name_left_out(charts, &panels);
	panels_release(&panels);
}

void charts_left_out(const struct results *results, struct text *names)
{
	struct charts charts;
	charts_make(&charts, results);
	text_add(names, text_get(&charts.left_out));
	charts_release(&charts);
}

/* A grid in the background, no frame. */
void chart_script(const struct chart *chart, const char *terminal, struct text *script)
{
	const char *grid = palette[PALETTE_GRID].light;
	text_addf(script,
		"reset\nset encoding utf8\n"
		"set terminal %s size %d,%d noenhanced font 'sans-serif,14' background '#ffffff'\n",
		terminal, CHART_WIDTH, chart->height);
	text_addf(script,
		"set border 3 lc rgb '%s'\nset tics nomirror textcolor rgb '#000000'\n"
		"set grid xtics ytics back lt 1 lw 1 lc rgb '%s'\n",
		grid, grid);
	text_add(script, text_get(&chart->script));
	text_add(script, "unset output\n");
}

void charts_script(const struct charts *charts, const char *terminal, struct text *script)
{
	for (size_t i = 0; i < charts->count; i++)
		chart_script(&charts->items[i], terminal, script);
}
