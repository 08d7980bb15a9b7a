/* Each chart is drawn for itself, so that a file is one whole drawing. */
#include "review/chart_files.h"

#include "report/file.h"
#include "review/chart.h"
#include "review/gnuplot.h"
#include "review/svg.h"

static const struct format {
	const char *terminal, *ending;
} formats[] = {
	[CHART_FILES_SVG] = {"svg", "svg"},
	[CHART_FILES_PNG] = {"pngcairo", "png"},
};

static int write_file(const char *path, const struct text *bytes, struct err *err)
{
	struct file file;
	if (file_create(&file, path, err))
		return -1;
	if (file_add(&file, text_get(bytes), bytes->length, err) == 0)
		return file_commit(&file, err);
	file_abandon(&file);
	return -1;
}

static int draw(const struct chart *chart, enum chart_files kind, struct text *out, struct err *err)
{
	struct text script, drawn;
	text_init(&script);
	text_init(&drawn);
	chart_script(chart, formats[kind].terminal, &script);
	int result = gnuplot_draw(text_get(&script), &drawn, err);
	const char *rest = text_get(&drawn);
	size_t length = 0;
	if (!result && kind == CHART_FILES_SVG && svg_next(&rest, &length))
		svg_alone(text_get(&drawn), length, text_get(&chart->title), text_get(&chart->says),
			out);
	else if (!result)
		text_add_bytes(out, text_get(&drawn), drawn.length);
	text_release(&script);
	text_release(&drawn);
	return result;
}

static int write_chart(const struct results *results, const struct chart *chart,
	enum chart_files kind, struct text *paths, struct err *err)
{
	struct text path, bytes;
	text_init(&path);
	text_init(&bytes);
	text_addf(&path, "%s/chart-%s.%s", results->folder, text_get(&chart->name),
		formats[kind].ending);
	int result = draw(chart, kind, &bytes, err);
	if (!result)
		result = write_file(text_get(&path), &bytes, err);
	if (!result)
		text_addf(paths, "%s\n", text_get(&path));
	text_release(&path);
	text_release(&bytes);
	return result;
}

int chart_files_write(
	const struct results *results, enum chart_files kind, struct text *paths, struct err *err)
{
	struct charts charts;
	if (!*results->folder)
		return err_set(err,
			"'%s' is a summary alone; charts are put into a session's folder",
			results->path);
	charts_make(&charts, results);
	int result = charts.count ? 0
				  : err_set(err,
					    "nothing to draw in '%s': no experiment is ok; see "
					    "the column error of its summary.csv",
					    results->folder);
	for (size_t i = 0; i < charts.count && !result; i++)
		result = write_chart(results, &charts.items[i], kind, paths, err);
	charts_release(&charts);
	return result;
}
