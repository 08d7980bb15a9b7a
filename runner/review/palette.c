/* The table of colours. */
#include "review/palette.h"

#include <stddef.h>
#include <stdlib.h>

/* clang-format off */
const struct palette_colour palette[PALETTE_COUNT] = {
	{"c1", "#0072b2", "#58b4f0"},
	{"c2", "#c44601", "#ff9a5c"},
	{"c3", "#00795b", "#3ecfa4"},
	{"c4", "#9a3f8c", "#e48fd6"},
	{"c5", "#8a6d00", "#e3c44d"},
	{"c6", "#4b5563", "#aab4c0"},
	{"c7", "#1b87bd", "#8fd3ff"},
	{"c8", "#d1495b", "#ff8f9c"},
	[PALETTE_GRID] = {"grid", "#d3d8de", "#3a424c"},
	[PALETTE_RUNNING] = {"running", "#00805f", "#35b58d"},
	[PALETTE_RUNNABLE] = {"runnable", "#cf7000", "#ffb454"},
	[PALETTE_BLOCKED] = {"blocked", "#8590a0", "#66727f"},
	[PALETTE_PAPER] = {"paper", "#ffffff", "#14171a"},
	[PALETTE_INK] = {"ink", "#1b1f24", "#e6e9ec"},
	[PALETTE_FAINT] = {"faint", "#57606a", "#a2acb6"},
	[PALETTE_LINK] = {"link", "#0059a8", "#6cb6ff"},
	[PALETTE_GOOD] = {"good", "#00694f", "#4cd3a7"},
	[PALETTE_BAD] = {"bad", "#b3261e", "#ff938a"},
	[PALETTE_BOX] = {"box", "#f3f5f7", "#20252a"},
};
/* clang-format on */

const struct palette_colour *palette_find(unsigned red, unsigned green, unsigned blue)
{
	unsigned long wanted = (unsigned long)red << 16 | (unsigned long)green << 8 | blue;
	for (size_t i = 0; i < PALETTE_COUNT; i++)
		if (strtoul(palette[i].light + 1, NULL, 16) == wanted)
			return &palette[i];
	return NULL;
}
