/* Programs that a shell would find. */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <stdbool.h>

/* Is there one of this name, without a folder, on the PATH? */
bool program_on_path(const char *name);

#endif
