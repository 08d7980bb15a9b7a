/*
 * Where scripts are. A name is looked for in a folder of the caller's, and then in `lua` of each
 * data folder: $CONRUN_DATA; share/conrun beside the program's bin; where conrun was installed;
 * its source.
 */
#ifndef SCRIPT_FIND_H
#define SCRIPT_FIND_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>

/* The file `name` (a path; absolute or relative to `folder`, "" being the current one, else to
 * `under` in a data folder's lua: "" or "hooks"). False: it is nowhere; `path` then lists, with
 * ", " between them, where it was looked for. `path` is cleared first. */
bool find_script(const char *name, const char *folder, const char *under, struct text *path);

/* The folder that a file is in, without the last slash; "" for the current one. */
void find_folder(const char *path, struct text *folder);

/* What `require` looks for: templates with a ?, separated by semicolons: Lua files in `folder`, in
 * the data folders, and on LUA_PATH. */
void find_templates(const char *folder, struct text *templates);

#endif
