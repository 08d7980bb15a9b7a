/*
 * An HTTP request's head as RFC 9112 describes it, as far as a server needs it that answers every
 * path alike.
 */
#ifndef WORKLOADS_SERVER_REQUEST_H
#define WORKLOADS_SERVER_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum { REQUEST_MOST_BYTES = 16 * 1024 };

struct request {
	int status;   /* of the answer: 200, or what is wrong with it */
	bool head;    /* no body is wanted */
	bool close;   /* the connection ends with the answer */
	bool says_so; /* HTTP/1.0: that the connection is kept has to be said */
};

/* How many of the bytes it takes; 0: it is not complete. One that is not understood takes all. */
size_t request_read(const char *bytes, size_t count, struct request *request);

/* "Bad Request" */
const char *request_reason(int status);

#endif
