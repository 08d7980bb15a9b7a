/*
 * The functions of libxlsxwriter, opened at run time: `xlsx.workbook_new(path)`. Its documentation
 * is https://libxlsxwriter.github.io. To use one more, add it to the list.
 */
#ifndef REPORT_XLSX_LIBRARY_H
#define REPORT_XLSX_LIBRARY_H

#include "base/err.h"

#include <xlsxwriter.h>

/* clang-format off: a list. */
#define XLSX_FUNCTIONS(each)                                                                       \
	each(chart_add_series) each(chart_axis_set_log_base) each(chart_axis_set_min) each(        \
		chart_axis_set_name) each(chart_axis_set_reverse) each(chart_legend_set_position)  \
		each(chart_series_set_name_range) each(chart_show_blanks_as) each(                 \
			chart_title_set_name) each(format_set_align) each(format_set_bold)         \
			each(format_set_num_format) each(format_set_text_wrap) each(lxw_strerror)  \
				each(workbook_add_chart) each(workbook_add_format) each(           \
					workbook_add_worksheet) each(workbook_close)               \
					each(workbook_new) each(workbook_set_properties) each(     \
						worksheet_add_table) each(worksheet_freeze_panes)  \
						each(worksheet_insert_chart_opt) each(             \
							worksheet_set_column)                      \
							each(worksheet_set_row) each(              \
								worksheet_write_boolean)           \
								each(worksheet_write_number) each( \
									worksheet_write_string)
/* clang-format on */

#define XLSX_MEMBER(function) __typeof__(function) *function;
struct xlsx_library {
	XLSX_FUNCTIONS(XLSX_MEMBER)
};

extern struct xlsx_library xlsx; /* once it is open */

int xlsx_library_open(struct err *err);

#endif
