/*
 * Where files are that come with conrun, and the scripts of scenarios. A data folder holds `lua`,
 * `scenarios` and conrun.schema.json as the source tree does. They are, in this order:
 * $CONRUN_DATA; the source, for a program that lies where it was built; share/conrun as seen from
 * the program's bin; where conrun was to be installed.
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

/* The file `name` of a data folder: "conrun.schema.json". False: as in find_script. */
bool find_data(const char *name, struct text *path);

/* The scenario that comes with conrun under this bare name: io_1000. False: there is none. */
bool find_scenario(const char *name, struct text *path);

/* Calls `each` for the name of every scenario that comes with conrun, those of each data folder in
 * the order of their names; one that two folders have is told twice. */
void find_scenarios(void (*each)(const char *name, void *arg), void *arg);

/* The folder that a file is in, without the last slash; "" for the current one. */
void find_folder(const char *path, struct text *folder);

/* What `require` looks for: templates with a ?, separated by semicolons: Lua files in `folder`, in
 * the data folders, and on LUA_PATH. */
void find_templates(const char *folder, struct text *templates);

#endif
