#include "base/library.h"

#include "base/optional.h"

#include <dlfcn.h>
#include <pthread.h>

/* A file that the build did not find has no name. */
#ifndef CONRUN_LIBCURL
#define CONRUN_LIBCURL NULL
#endif
#ifndef CONRUN_LIBCRYPTO
#define CONRUN_LIBCRYPTO NULL
#endif
#ifndef CONRUN_OPENBLAS
#define CONRUN_OPENBLAS NULL
#endif
#ifndef CONRUN_LIBXLSXWRITER
#define CONRUN_LIBXLSXWRITER NULL
#endif

const struct library_source library_libcurl = {"libcurl", CONRUN_LIBCURL, "libcurl4",
	"libcurl4-openssl-dev", "HTTP: fetch, and w.fetch in Lua"};
const struct library_source library_libcrypto = {
	"libcrypto", CONRUN_LIBCRYPTO, "libssl3", "libssl-dev", "digests: hash, and w.hash in Lua"};
const struct library_source library_openblas = {"OpenBLAS", CONRUN_OPENBLAS, "libopenblas0",
	"libopenblas-dev", "linear algebra: matmul with kernel blas"};
const struct library_source library_libxlsxwriter = {"libxlsxwriter", CONRUN_LIBXLSXWRITER,
	"libxlsxwriter4", "libxlsxwriter-dev", "workbooks: --format xlsx"};

const struct library_source *const library_sources[] = {
	&library_libcurl, &library_libcrypto, &library_openblas, &library_libxlsxwriter, NULL};

static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

static int fill_in(const struct library *library, void *handle, struct err *err)
{
	for (const struct library_symbol *symbol = library->symbols; symbol->name; symbol++) {
		*symbol->address = dlsym(handle, symbol->name);
		if (!*symbol->address)
			return err_set(err, "%s (%s) has no %s; install a newer %s",
				library->source->name, library->source->file, symbol->name,
				library->source->package);
	}
	return 0;
}

static int open_it(struct library *library, struct err *err)
{
	const struct library_source *source = library->source;
	if (!source->file)
		return library_not_built(source, err);
	/* Bound at once: else the first call, which is timed, would do it. */
	void *handle = dlopen(source->file, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return err_set(err, "cannot open %s: %s; install %s", source->name, dlerror(),
			source->package);
	if (fill_in(library, handle, err) != 0) {
		dlclose(handle);
		return -1;
	}
	library->handle = handle;
	return 0;
}

int library_open(struct library *library, struct err *err)
{
	pthread_mutex_lock(&opening);
	int opened = library->handle ? 0 : open_it(library, err);
	pthread_mutex_unlock(&opening);
	return opened;
}

int library_not_built(const struct library_source *source, struct err *err)
{
	return err_set(err, "this conrun was built without %s; install %s and build it again",
		source->name, source->build_package);
}
