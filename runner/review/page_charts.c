/* Gnuplot's drawings, each in a figure; or what is to be installed for them. */
#include "review/chart.h"
#include "review/gnuplot.h"
#include "review/html.h"
#include "review/page_parts.h"
#include "review/svg.h"

static void add_figure(
	const struct chart *chart, const char *drawing, size_t length, struct text *out)
{
	const char *name = text_get(&chart->name);
	text_addf(out, "<figure id=\"%s\">\n<figcaption><strong>", name);
	html_escape(out, text_get(&chart->title));
	text_add(out, "</strong> ");
	html_element(out, "span class=\"note\"", text_get(&chart->note));
	text_add(out, "</figcaption>\n");
	svg_inline(drawing, length, name, text_get(&chart->says), out);
	text_add(out, "</figure>\n");
}

static void add_figures(const struct charts *charts, const char *drawn, struct text *out)
{
	text_add(out, "<div class=\"charts\">\n");
	for (size_t i = 0; i < charts->count; i++) {
		size_t length;
		const char *drawing = svg_next(&drawn, &length);
		if (drawing)
			add_figure(&charts->items[i], drawing, length, out);
	}
	text_add(out, "</div>\n");
}

static void add_hint(const char *why, const char *folder, struct text *out)
{
	text_add(out, "<p>Without charts: ");
	html_escape(out, why);
	text_add(out, ". Then <code>conrun report ");
	html_escape(out, folder);
	text_add(out, "</code> makes this page again.</p>\n");
}

static void add_left_out(const char *names, struct text *out)
{
	text_add(out, "<p class=\"faint\">Not drawn, there is too much of it: ");
	html_escape(out, names);
	text_add(out, ". All of it is in the tables.</p>\n");
}

void page_charts(const struct results *results, struct text *out)
{
	struct charts charts;
	struct text script, drawn;
	struct err err;
	text_init(&script);
	text_init(&drawn);
	charts_make(&charts, results);
	charts_script(&charts, "svg", &script);
	if (charts.count || charts.left_out.length) {
		page_section(out, "charts", "In pictures");
		if (charts.count && gnuplot_draw(text_get(&script), &drawn, &err))
			add_hint(err.text, results->folder, out);
		else if (charts.count)
			add_figures(&charts, text_get(&drawn), out);
		if (charts.left_out.length)
			add_left_out(text_get(&charts.left_out), out);
		text_add(out, "</section>\n");
	}
	charts_release(&charts);
	text_release(&script);
	text_release(&drawn);
}
