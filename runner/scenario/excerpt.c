/*
 * The source line under a problem, with a caret below its column. Lines and columns are those
 * of libyaml: CR, LF, CR LF, NEL, LS and PS end a line, and a column is a character. On the
 * screen a character takes 0, 1 or 2 cells and a tab as many as reach the next multiple of 8.
 */
#include "scenario/diag.h"

#include <stdint.h>
#include <string.h>

/* The bytes of the line break at `at`, or 0. */
static size_t line_break(const char *at, size_t left)
{
	if (!left)
		return 0;
	if (at[0] == '\r' && left > 1 && at[1] == '\n')
		return 2;
	if (at[0] == '\n' || at[0] == '\r')
		return 1;
	if (left > 1 && !memcmp(at, "\xc2\x85", 2))
		return 2;
	if (left > 2 && (!memcmp(at, "\xe2\x80\xa8", 3) || !memcmp(at, "\xe2\x80\xa9", 3)))
		return 3;
	return 0;
}

/* The bytes of the character at `at`, which may be a broken one, and its code point. */
static size_t decode(const char *at, size_t left, uint32_t *code)
{
	unsigned char lead = (unsigned char)*at;
	size_t length = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
	*code = 0xfffd;
	if (length > left || text_utf8_fault(at, length) < length)
		return 1;
	*code = length == 1 ? lead : lead & (0xffu >> (length + 1));
	for (size_t i = 1; i < length; i++)
		*code = *code << 6 | ((unsigned char)at[i] & 0x3f);
	return length;
}

static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xfffd;
}

/* Cells of a terminal: wide blocks of Unicode's EastAsianWidth.txt, and marks that combine. */
static size_t cells(uint32_t code)
{
	static const struct {
		uint32_t first, last;
		size_t cells;
	} blocks[] = {
		{0x0300, 0x036f, 0},
		{0x1100, 0x115f, 2},
		{0x200b, 0x200f, 0},
		{0x2e80, 0xa4cf, 2},
		{0xac00, 0xd7a3, 2},
		{0xf900, 0xfaff, 2},
		{0xfe00, 0xfe0f, 0},
		{0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2},
		{0xffe0, 0xffe6, 2},
		{0x1f300, 0x1f64f, 2},
		{0x1f680, 0x1f6ff, 2},
		{0x1f900, 0x1f9ff, 2},
		{0x20000, 0x3fffd, 2},
	};
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		if (code >= blocks[i].first && code <= blocks[i].last)
			return blocks[i].cells;
	}
	return 1;
}

void diag_add_visible(const char *bytes, size_t count, struct text *out)
{
	for (size_t at = 0; at < count;) {
		uint32_t code;
		size_t length = decode(bytes + at, count - at, &code);
		if (is_control(code))
			text_add(out, "?");
		else
			text_add_bytes(out, bytes + at, length);
		at += length;
	}
}

struct place diag_place(const char *text, size_t length, size_t offset)
{
	struct place place = {.line = 1, .column = 1};
	for (size_t at = 0; at < offset && at < length;) {
		size_t ends = line_break(text + at, length - at);
		uint32_t code;
		at += ends ? ends : decode(text + at, length - at, &code);
		place.line += ends > 0;
		place.column = ends ? 1 : place.column + 1;
	}
	return place;
}

const char *diag_line(const struct diag *diag, struct place place, size_t *length)
{
	int line = place.line;
	struct diag_source source = diag_source(diag, place);
	const char *at = source.text, *end = source.text + source.length;
	while (line > 1 && at < end) {
		size_t ends = line_break(at, (size_t)(end - at));
		line -= ends > 0;
		at += ends ? ends : 1;
	}
	const char *stop = at;
	while (stop < end && !line_break(stop, (size_t)(end - stop)))
		stop++;
	*length = (size_t)(stop - at);
	return at;
}

/* A long line is shown from WINDOW_BEFORE cells before the caret, WINDOW cells of it. */
enum { WINDOW = 88, WINDOW_BEFORE = 60 };

struct line_view {
	struct text shown;
	size_t skip;  /* cells that are cut off in front */
	size_t cell;  /* of the next character */
	size_t caret; /* the cell that the caret points to */
	bool cut;     /* something is cut off behind */
};

static size_t width_at(uint32_t code, size_t cell)
{
	return code == '\t' ? 8 - cell % 8 : is_control(code) ? 1 : cells(code);
}

static void show_character(struct line_view *view, const char *at, size_t length, uint32_t code)
{
	size_t width = width_at(code, view->cell);
	bool inside = view->cell >= view->skip && view->cell + width <= view->skip + WINDOW;
	view->cut |= view->cell + width > view->skip + WINDOW;
	if (inside && code == '\t')
		text_addf(&view->shown, "%*s", (int)width, "");
	else if (inside)
		diag_add_visible(at, length, &view->shown);
	else if (view->cell < view->skip && view->cell + width > view->skip)
		text_addf(&view->shown, "%*s", (int)(view->cell + width - view->skip), "");
	view->cell += width;
}

/* The cell in which character `column` of a line begins. */
static size_t caret_cell(const char *line, size_t length, int column)
{
	size_t cell = 0;
	for (size_t at = 0; at < length && column > 1; column--) {
		uint32_t code;
		at += decode(line + at, length - at, &code);
		cell += width_at(code, cell);
	}
	return cell;
}

static void view_line(struct line_view *view, const char *line, size_t length, int column)
{
	*view = (struct line_view){.caret = caret_cell(line, length, column)};
	text_init(&view->shown);
	if (view->caret >= WINDOW)
		view->skip = view->caret - WINDOW_BEFORE;
	for (size_t at = 0; at < length && !view->cut;) {
		uint32_t code;
		size_t step = decode(line + at, length - at, &code);
		show_character(view, line + at, step, code);
		at += step;
	}
}

void diag_excerpt(const struct diag *diag, struct place place, bool colour, struct text *out)
{
	size_t length;
	const char *line = diag_line(diag, place, &length);
	if (!length)
		return;
	struct line_view view;
	view_line(&view, line, length, place.column);
	text_addf(out, "%5d | %s%s%s\n", place.line, view.skip ? "…" : "",
		text_get(&view.shown), view.cut ? "…" : "");
	text_addf(out, "      | %*s%s^%s\n", (int)(view.caret - view.skip + (view.skip > 0)),
		"", colour ? "\033[1;32m" : "", colour ? "\033[0m" : "");
	text_release(&view.shown);
}
