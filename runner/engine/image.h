/*
 * A worker in a fresh program image: `start: spawn`. The host executes conrun anew as
 * `conrun --worker INDEX [late]`; the image inherits the region as descriptor IMAGE_REGION and what
 * the executor hands over as the two behind it, and nothing else.
 */
#ifndef ENGINE_IMAGE_H
#define ENGINE_IMAGE_H

#include "base/err.h"

enum { IMAGE_REGION = 3, IMAGE_HANDED = 4 };

/* argv[1] of an image. */
#define IMAGE_ARGUMENT "--worker"

/* Called by main for such an image; argv as it was given. Returns the exit code. */
int image_main(int argc, char **argv, struct err *err);

#endif
