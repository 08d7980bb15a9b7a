/*
 * Echo: what arrives is written back. A connection that does not read what it gets is not read
 * from either, so that no more than one piece of it is kept here.
 */
#include "base/memory.h"
#include "workloads/server_loop.h"

#include <stdlib.h>
#include <string.h>

struct guest {
	uv_tcp_t tcp; /* first: a handle is its guest */
	uv_write_t write;
	uv_shutdown_t shutdown;
	char *unsent; /* what the socket did not take at once; owned */
};

static struct server *server_of(const struct guest *guest)
{
	return ((struct server_loop *)guest->tcp.data)->server;
}

/* Relaxed: this process alone writes; the host reads when it is gone. */
static void count(const struct guest *guest, uint32_t change)
{
	struct server *server = server_of(guest);
	uint32_t guests = atomic_load_explicit(&server->guests, memory_order_relaxed) + change;
	atomic_store_explicit(&server->guests, guests, memory_order_relaxed);
	if (guests > atomic_load_explicit(&server->most_guests, memory_order_relaxed))
		atomic_store_explicit(&server->most_guests, guests, memory_order_relaxed);
}

static void on_closed(uv_handle_t *handle)
{
	struct guest *guest = (struct guest *)handle;
	count(guest, UINT32_MAX);
	free(guest->unsent);
	free(guest);
}

static void leave(struct guest *guest)
{
	uv_handle_t *handle = (uv_handle_t *)guest;
	if (!uv_is_closing(handle))
		uv_close(handle, on_closed);
}

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
	(void)status;
	leave((struct guest *)shutdown->handle);
}

/* It has sent all that it wanted to, and gets the end of what it is owed. */
static void end(struct guest *guest)
{
	if (uv_shutdown(&guest->shutdown, (uv_stream_t *)guest, on_shut_down) != 0)
		leave(guest);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer);

static void on_written(uv_write_t *write, int status)
{
	struct guest *guest = (struct guest *)write->handle;
	free(guest->unsent);
	guest->unsent = NULL;
	if (status != 0 || uv_read_start(write->handle, server_lend_input, on_read) != 0)
		leave(guest);
}

static void send_later(struct guest *guest, const char *bytes, size_t count)
{
	uv_stream_t *stream = (uv_stream_t *)guest;
	guest->unsent = memory_alloc(count);
	memcpy(guest->unsent, bytes, count);
	uv_buf_t buffer = uv_buf_init(guest->unsent, (unsigned)count);
	uv_read_stop(stream);
	if (uv_write(&guest->write, stream, &buffer, 1, on_written) != 0)
		leave(guest);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct guest *guest = (struct guest *)stream;
	if (count == UV_EOF) {
		end(guest);
		return;
	}
	uv_buf_t piece = uv_buf_init(buffer->base, count > 0 ? (unsigned)count : 0);
	int sent = count > 0 ? uv_try_write(stream, &piece, 1) : (int)count;
	if (sent == UV_EAGAIN)
		sent = 0;
	if (sent < 0)
		leave(guest);
	else if (sent < count)
		send_later(guest, buffer->base + sent, (size_t)(count - sent));
}

void server_echo_accept(uv_stream_t *listener, int status)
{
	struct guest *guest;
	if (status != 0)
		return;
	guest = memory_alloc(sizeof(*guest));
	uv_tcp_init(listener->loop, &guest->tcp);
	guest->tcp.data = listener->data;
	count(guest, 1);
	/* Or the last piece of a long message would wait for the acknowledgement of the first. */
	if (uv_accept(listener, (uv_stream_t *)guest) != 0 || uv_tcp_nodelay(&guest->tcp, 1) != 0 ||
		uv_read_start((uv_stream_t *)guest, server_lend_input, on_read) != 0)
		leave(guest);
}
