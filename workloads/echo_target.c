#include "workloads/echo.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* getnameinfo of a number asks nobody. */
static void write_name(struct echo_target *target)
{
	char host[INET6_ADDRSTRLEN] = "?", port[8] = "?";
	getnameinfo((struct sockaddr *)&target->address, target->length, host, sizeof(host), port,
		sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	bool six = target->address.ss_family == AF_INET6;
	snprintf(target->name, ECHO_NAME_BYTES, six ? "[%s]:%s" : "%s:%s", host, port);
}

void echo_target_local(struct echo_target *target, uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	memcpy(&target->address, &address, sizeof(address));
	target->length = sizeof(address);
	target->local = true;
	write_name(target);
}

static void choose(struct echo_target *target, const struct addrinfo *found)
{
	memcpy(&target->address, found->ai_addr, found->ai_addrlen);
	target->length = found->ai_addrlen;
	write_name(target);
}

/* A name may stand for addresses that nobody listens on: `localhost` often does. */
static bool takes_connections(const struct addrinfo *found, int64_t patience_ns)
{
	int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int failed = fd < 0 ? errno : 0;
	socklen_t length = sizeof(failed);
	struct pollfd polled = {fd, POLLOUT, 0};
	if (!failed && connect(fd, found->ai_addr, found->ai_addrlen) != 0)
		failed = errno;
	if (failed == EINPROGRESS &&
		(poll(&polled, 1, (int)(patience_ns / 1000000)) != 1 ||
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &length) != 0))
		failed = ETIMEDOUT;
	if (fd >= 0)
		close(fd);
	return failed == 0;
}

int echo_target_find(struct echo_target *target, const char *host, uint16_t port,
	int64_t patience_ns, struct err *err)
{
	struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *all;
	char service[8];
	snprintf(service, sizeof(service), "%u", port);
	int failed = getaddrinfo(host, service, &hints, &all);
	if (failed)
		return err_set(err, "cannot find the host '%s': %s", host,
			failed == EAI_SYSTEM ? strerror(errno) : gai_strerror(failed));
	const struct addrinfo *chosen = all;
	if (all->ai_next)
		while (chosen && !takes_connections(chosen, patience_ns))
			chosen = chosen->ai_next;
	choose(target, chosen ? chosen : all);
	freeaddrinfo(all);
	return 0;
}
