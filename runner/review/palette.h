/*
 * The colours of charts and page, each for a light and a dark background. A script for gnuplot
 * names the light one; on the page it becomes a variable that follows what the reader prefers.
 * Series can be told apart with any kind of colour vision, and differ in their marks as well.
 */
#ifndef REVIEW_PALETTE_H
#define REVIEW_PALETTE_H

enum { PALETTE_SERIES = 8 };

/* Of the table: the series first. */
enum palette_part {
	PALETTE_GRID = PALETTE_SERIES,
	PALETTE_RUNNING,
	PALETTE_RUNNABLE,
	PALETTE_BLOCKED,
	PALETTE_PAPER, /* behind everything */
	PALETTE_INK,
	PALETTE_FAINT, /* ink for what matters less */
	PALETTE_LINK,
	PALETTE_GOOD,
	PALETTE_BAD,
	PALETTE_BOX, /* behind code and table heads */
	PALETTE_COUNT,
};

struct palette_colour {
	const char *name;         /* of the variable: --name */
	const char *light, *dark; /* #rrggbb */
};

extern const struct palette_colour palette[PALETTE_COUNT];

/* The one whose light colour this is, or NULL. */
const struct palette_colour *palette_find(unsigned red, unsigned green, unsigned blue);

#endif
