/* libxlsxwriter, opened. */
#include "base/optional.h"

#ifdef CONRUN_LIBXLSXWRITER
#include "base/library.h"
#include "report/xlsx_library.h"

struct xlsx_library xlsx;

#define SYMBOL(function) {#function, (void **)&xlsx.function},
static const struct library_symbol symbols[] = {XLSX_FUNCTIONS(SYMBOL){NULL, NULL}};

static struct library library = {&library_libxlsxwriter, symbols, NULL};

int xlsx_library_open(struct err *err)
{
	return library_open(&library, err);
}
#endif
