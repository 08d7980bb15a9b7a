/*
 * Fresh program images that take part in a run.
 *
 * A host may be one: conrun linked without shared libraries, of which every mapping would be copied
 * each time that the host forks, and without the memory of a program that holds a large plan. It is
 * executed as `conrun --host FD` by the process that the program has forked for the run; FD is the
 * region. Where there is no such program that process is the host itself.
 *
 * A worker in a fresh program image: `start: spawn`. The host executes conrun anew as
 * `conrun --worker INDEX [late]`; the image inherits the region as descriptor IMAGE_REGION and what
 * the executor hands over as the two behind it, and nothing else.
 */
#ifndef ENGINE_IMAGE_H
#define ENGINE_IMAGE_H

#include "base/err.h"
#include "engine/region.h"
#include "workloads/workload.h"

#include <stdbool.h>

enum { IMAGE_REGION = 3, IMAGE_HANDED = 4 };

/* argv[1] of an image. */
#define IMAGE_WORKER "--worker"
#define IMAGE_HOST   "--host"

/* Is argv that of an image? Then main calls nothing but image_main, which returns the exit code. */
bool image_is(int argc, char **argv);
int image_main(int argc, char **argv, struct err *err);

/* Finds the hosts' program: beside this one, or where it was installed. By engine_open. */
void image_find_host(void);

const char *image_host_path(void); /* "" where there is none */

/* Will the hosts of this workload's runs be images? Their region must be attachable. */
bool image_has_host(const struct workload *workload);

/* Becomes the host of a run; returns only where that cannot be. */
void image_execute_host(const struct region *region);

#endif
