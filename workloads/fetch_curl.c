/*
 * GETs that block, by libcurl's easy interface; and what every transfer of either interface is set
 * up with and comes to.
 *
 * A handle that the host made and a forked child uses is the child's own copy. It is never used
 * in both: a connection that one of them has made would then be in two hands.
 */
#include "base/library.h"
#include "base/optional.h"
#include "base/text.h"
#include "base/units.h"
#include "workloads/fetch.h"
#include "workloads/workload.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#ifdef CONRUN_LIBCURL

#include <curl/curl.h>

static __typeof__(curl_global_init) *global_init;
static __typeof__(curl_easy_init) *easy_init;
static __typeof__(curl_easy_setopt) *easy_set;
static __typeof__(curl_easy_getinfo) *easy_get;
static __typeof__(curl_easy_perform) *easy_perform;
static __typeof__(curl_easy_cleanup) *easy_cleanup;
static __typeof__(curl_easy_strerror) *easy_strerror;

static const struct library_symbol symbols[] = {
	{"curl_global_init", (void **)&global_init},
	{"curl_easy_init", (void **)&easy_init},
	{"curl_easy_setopt", (void **)&easy_set},
	{"curl_easy_getinfo", (void **)&easy_get},
	{"curl_easy_perform", (void **)&easy_perform},
	{"curl_easy_cleanup", (void **)&easy_cleanup},
	{"curl_easy_strerror", (void **)&easy_strerror},
	{NULL, NULL},
};

static struct library libcurl = {&library_libcurl, symbols, NULL};

static_assert(FETCH_REASON_BYTES >= CURL_ERROR_SIZE, "libcurl writes so many");

/* ---- its life ---- */

/* Nothing of it is given back: it goes with the process. */
static void begin(void)
{
	global_init(CURL_GLOBAL_DEFAULT);
}

int fetch_load(struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	if (library_open(&libcurl, err) != 0)
		return -1;
	pthread_once(&once, begin);
	return 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct fetch *fetch = arg;
	size_t whole = size * count;
	if (!fetch->plan.take(fetch, bytes, whole))
		return whole ? 0 : 1; /* any other number is an error to libcurl */
	fetch->received_bytes += whole;
	return whole;
}

/* Called at least once a second: not 0 ends the transfer. */
static int on_progress(
	void *arg, curl_off_t expected, curl_off_t got, curl_off_t to_send, curl_off_t sent)
{
	const struct fetch *fetch = arg;
	(void)expected, (void)got, (void)to_send, (void)sent;
	return is_stopping(fetch->plan.worker);
}

static void set_up(struct fetch *fetch)
{
	int64_t timeout_ns = fetch->plan.timeout_ns;
	const struct {
		CURLoption option;
		long value;
	} numbers[] = {
		{CURLOPT_NOSIGNAL, 1}, /* for it runs in threads */
		{CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
		{CURLOPT_NOPROGRESS, 0},
		{CURLOPT_TIMEOUT_MS, (long)((timeout_ns + 999999) / 1000000)},
		{CURLOPT_BUFFERSIZE, fetch_buffer_bytes(fetch->plan.body_bytes)},
	};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		easy_set(fetch->easy, numbers[i].option, numbers[i].value);
#if CURL_AT_LEAST_VERSION(7, 87, 0)
	/* Else a transfer whose time is up would wait for the thread that looks up its name, and a
	 * loop with it. */
	easy_set(fetch->easy, CURLOPT_QUICK_EXIT, 1L);
#endif
	easy_set(fetch->easy, CURLOPT_PROXY, "");
	easy_set(fetch->easy, CURLOPT_USERAGENT, "conrun");
	/* As the curl command does; libcurl itself knows only the system's certificates. */
	if (getenv("SSL_CERT_FILE"))
		easy_set(fetch->easy, CURLOPT_CAINFO, getenv("SSL_CERT_FILE"));
	easy_set(fetch->easy, CURLOPT_ERRORBUFFER, fetch->reason);
	easy_set(fetch->easy, CURLOPT_PRIVATE, fetch);
	easy_set(fetch->easy, CURLOPT_WRITEFUNCTION, on_body);
	easy_set(fetch->easy, CURLOPT_WRITEDATA, fetch);
	easy_set(fetch->easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	easy_set(fetch->easy, CURLOPT_XFERINFODATA, fetch);
}

int fetch_open(struct fetch *fetch, const struct fetch_plan *plan, struct err *err)
{
	*fetch = (struct fetch){.plan = *plan, .easy = easy_init()};
	if (!fetch->easy)
		return err_set(err, "cannot make a handle of libcurl: out of memory");
	set_up(fetch);
	return 0;
}

void fetch_close(struct fetch *fetch)
{
	if (fetch->easy)
		easy_cleanup(fetch->easy);
	fetch->easy = NULL;
}

int fetch_aim(struct fetch *fetch, const char *url, bool keep_alive, struct err *err)
{
	fetch->url = url;
	easy_set(fetch->easy, CURLOPT_FRESH_CONNECT, (long)!keep_alive);
	easy_set(fetch->easy, CURLOPT_FORBID_REUSE, (long)!keep_alive);
	CURLcode code = easy_set(fetch->easy, CURLOPT_URL, url);
	return code ? err_set(err, "cannot fetch '%s': %s", url, easy_strerror(code)) : 0;
}

/* ---- what it came to ---- */

static long number_of(const struct fetch *fetch, CURLINFO info)
{
	long number = 0;
	easy_get(fetch->easy, info, &number);
	return number;
}

static int explain_timeout(const struct fetch *fetch, struct err *err)
{
	struct text span;
	text_init(&span);
	units_format_whole(&dimension_duration, fetch->plan.timeout_ns, &span);
	err_set(err, "no whole answer within %s (%s)", text_get(&span), fetch->reason);
	text_release(&span);
	return -1;
}

static int explain(const struct fetch *fetch, CURLcode code, struct err *err)
{
	long number = number_of(fetch, CURLINFO_OS_ERRNO);
	if (code == CURLE_OPERATION_TIMEDOUT)
		return explain_timeout(fetch, err);
	if (code == CURLE_COULDNT_CONNECT && number)
		return err_errno(err, (int)number, "cannot connect");
	if (code == CURLE_ABORTED_BY_CALLBACK)
		return err_set(err, "the run is being ended");
	return err_set(err, "%s", *fetch->reason ? fetch->reason : easy_strerror(code));
}

int fetch_conclude(struct fetch *fetch, int code, struct err *err)
{
	fetch->connections = (unsigned)number_of(fetch, CURLINFO_NUM_CONNECTS);
	fetch->status = (int)number_of(fetch, CURLINFO_RESPONSE_CODE);
	if (code == CURLE_OK)
		return 0;
	explain(fetch, (CURLcode)code, err);
	return err_prefix(err, "cannot fetch '%s': ", fetch->url);
}

int fetch_get(struct fetch *fetch, struct err *err)
{
	fetch->received_bytes = 0;
	fetch->reason[0] = '\0';
	return fetch_conclude(fetch, easy_perform(fetch->easy), err);
}

#endif
