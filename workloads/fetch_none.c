/* Stands in for fetch_curl.c and fetch_multi.c where conrun was built without libcurl: fetch_load
 * says so, and nothing else is ever called. */
#include "base/library.h"
#include "base/optional.h"
#include "workloads/fetch.h"

#ifndef CONRUN_LIBCURL

#define NOT_BUILT(err) library_not_built(&library_libcurl, err)

int fetch_load(struct err *err)
{
	return NOT_BUILT(err);
}

int fetch_open(struct fetch *fetch, const struct fetch_plan *plan, struct err *err)
{
	(void)fetch, (void)plan;
	return NOT_BUILT(err);
}

void fetch_close(struct fetch *fetch)
{
	(void)fetch;
}

int fetch_aim(struct fetch *fetch, const char *url, bool keep_alive, struct err *err)
{
	(void)fetch, (void)url, (void)keep_alive;
	return NOT_BUILT(err);
}

int fetch_get(struct fetch *fetch, struct err *err)
{
	(void)fetch;
	return NOT_BUILT(err);
}

struct fetch_loop *fetch_loop_open(uint32_t transfers, struct err *err)
{
	(void)transfers;
	NOT_BUILT(err);
	return NULL;
}

int fetch_loop_start(
	struct fetch_loop *loop, struct uv_loop_s *uv, struct fetch *fetch, struct err *err)
{
	(void)loop, (void)uv, (void)fetch;
	return NOT_BUILT(err);
}

void fetch_loop_close(struct fetch_loop *loop)
{
	(void)loop;
}

#endif
