/* Where this process stands in the trees of cgroups, of either version. */
#ifndef MEASURE_CGROUP_H
#define MEASURE_CGROUP_H

#include "base/text.h"

#include <stdbool.h>

#define CGROUP_ROOT "/sys/fs/cgroup"

/*
 * Adds the folder of this process: in a controller's tree ("memory") of v1, where a line reads
 * `4:cpu,cpuacct:/path`; or in the one tree of v2 (""), `0::/path`. See cgroups(7). False: there is
 * no such tree.
 */
bool cgroup_folder(const char *controller, struct text *folder);

#endif
