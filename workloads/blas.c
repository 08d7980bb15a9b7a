#include "workloads/blas.h"

#include "base/library.h"
#include "base/optional.h"

#ifdef CONRUN_OPENBLAS

#include <cblas-openblas.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

static __typeof__(cblas_dgemm) *dgemm;
static __typeof__(openblas_get_config) *get_config;
static __typeof__(openblas_set_num_threads) *set_num_threads;

static const struct library_symbol symbols[] = {
	{"cblas_dgemm", (void **)&dgemm},
	{"openblas_get_config", (void **)&get_config},
	{"openblas_set_num_threads", (void **)&set_num_threads},
	{NULL, NULL},
};
static struct library openblas = {&library_openblas, symbols, NULL};

/*
 * OpenBLAS has buffers for so many calls at a time in one process: two for each thread that it was
 * built for, and at least 50 (NUM_BUFFERS in its common.h). It makes 512 more, once, with a
 * warning; calls beyond those write through a null pointer. So here they wait: nobody who is in a
 * call waits for anything, and all come to it.
 */
static sem_t room;

static unsigned room_in(const char *config)
{
	enum { AT_LEAST = 50, PER_THREAD = 2 };
	static const char threads[] = "MAX_THREADS=";
	const char *found = strstr(config, threads);
	unsigned long built_for = found ? strtoul(found + strlen(threads), NULL, 10) : 0;
	unsigned long calls = built_for * PER_THREAD;
	return calls > AT_LEAST ? (unsigned)calls : AT_LEAST;
}

int blas_open(struct err *err)
{
	if (openblas.handle)
		return 0;
	/* It starts a thread for each further CPU when it is loaded, unless this says otherwise. */
	setenv("OPENBLAS_NUM_THREADS", "1", 1);
	if (library_open(&openblas, err) != 0)
		return -1;
	set_num_threads(1);
	sem_init(&room, 0, room_in(get_config()));
	return 0;
}

void blas_multiply(size_t rows, size_t n, const double *a, const double *b, double *c)
{
	blasint m = (blasint)rows, k = (blasint)n;
	while (sem_wait(&room) != 0)
		; /* EINTR: a signal, not the semaphore */
	dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, k, k, 1, a, k, b, k, 0, c, k);
	sem_post(&room);
}

#else

int blas_open(struct err *err)
{
	return library_not_built(&library_openblas, err);
}

void blas_multiply(size_t rows, size_t n, const double *a, const double *b, double *c)
{
	(void)rows, (void)n, (void)a, (void)b, (void)c;
}

#endif
