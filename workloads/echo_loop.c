/*
 * Echo on an event loop. A connection that is kept between messages stays watched, but does not
 * keep the loop going; what happens to it meanwhile is seen when it is next used.
 */
#include "measure/clock.h"
#include "workloads/echo.h"

#include <poll.h>

static void on_ready(uv_poll_t *poll, int status, int events);

static int watch(struct echo_flight *flight, int wanted)
{
	int events = (wanted & POLLIN ? UV_READABLE : 0) | (wanted & POLLOUT ? UV_WRITABLE : 0);
	if (events == flight->events)
		return 0;
	flight->events = events;
	return uv_poll_start(&flight->poll, events, on_ready);
}

static void conclude(struct echo_flight *flight, const struct err *failed)
{
	flight->state = ECHO_IDLE;
	uv_timer_stop(&flight->timer);
	if (flight->echo.owner)
		uv_unref((uv_handle_t *)&flight->poll);
	flight->then(flight, failed);
}

static void go_on(struct echo_flight *flight, int ready)
{
	struct err err;
	int wanted = echo_step(&flight->echo, ready, NULL, &err);
	if (wanted > 0 && watch(flight, wanted) != 0)
		wanted = err_set(&err, "cannot watch a connection");
	if (wanted <= 0)
		conclude(flight, wanted == 0 ? NULL : &err);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct echo_flight *flight = poll->data;
	int ready = (events & UV_READABLE ? POLLIN : 0) | (events & UV_WRITABLE ? POLLOUT : 0);
	if (status != 0) {
		/* libuv has stopped watching; a call into the kernel says why. */
		flight->events = 0;
		ready = POLLIN | POLLOUT;
	}
	if (flight->state == ECHO_MOVES) {
		go_on(flight, ready);
	} else if (flight->state != ECHO_CLOSES) {
		/* The other side has closed it, or sends what nobody asked for: for the next. */
		flight->events = 0;
		uv_poll_stop(poll);
	}
}

/* ---- time ---- */

/* The loop counts whole milliseconds: it may be early, and is then armed for the rest. */
static void on_timer(uv_timer_t *timer)
{
	struct echo_flight *flight = timer->data;
	struct err err;
	uint64_t now_ns = clock_monotonic_ns();
	if (now_ns < flight->deadline_ns) {
		uv_timer_start(timer, on_timer, (flight->deadline_ns - now_ns) / 1000000 + 1, 0);
	} else if (flight->state == ECHO_MOVES) {
		echo_late(&flight->echo, flight->timeout_ns, &err);
		conclude(flight, &err);
	} else {
		flight->state = ECHO_IDLE;
		flight->then(flight, NULL);
	}
}

static void set_timer(struct echo_flight *flight, uv_loop_t *loop, int64_t ns)
{
	if (!flight->has_timer) {
		uv_timer_init(loop, &flight->timer);
		flight->timer.data = flight;
		flight->has_timer = true;
	}
	flight->deadline_ns = clock_monotonic_ns() + (uint64_t)ns;
	uv_timer_start(&flight->timer, on_timer, (uint64_t)ns / 1000000, 0);
}

/* ---- what is asked for ---- */

static int connect_on(struct echo_flight *flight, uv_loop_t *loop, const struct echo_target *target,
	struct err *err)
{
	if (echo_open(&flight->echo, target, false, err) != 0) {
		echo_close(&flight->echo);
		return -1;
	}
	int failed = uv_poll_init(loop, &flight->poll, flight->echo.fd);
	if (failed) {
		echo_close(&flight->echo);
		return err_set(err, "cannot watch a connection: %s", uv_strerror(failed));
	}
	flight->poll.data = flight;
	flight->events = 0;
	return 0;
}

void echo_flight_exchange(struct echo_flight *flight, uv_loop_t *loop,
	const struct echo_target *target, struct echo_message *message, int64_t timeout_ns)
{
	struct err err;
	flight->timeout_ns = timeout_ns;
	set_timer(flight, loop, timeout_ns);
	if (!echo_is_open(&flight->echo) && connect_on(flight, loop, target, &err) != 0) {
		conclude(flight, &err);
		return;
	}
	uv_ref((uv_handle_t *)&flight->poll);
	flight->state = ECHO_MOVES;
	echo_begin(&flight->echo, message);
	go_on(flight, flight->echo.connecting ? 0 : POLLOUT);
}

void echo_flight_rest(struct echo_flight *flight, uv_loop_t *loop, int64_t ns)
{
	flight->state = ECHO_RESTS;
	set_timer(flight, loop, ns);
}

static void on_closed(uv_handle_t *handle)
{
	struct echo_flight *flight = handle->data;
	flight->state = ECHO_IDLE;
	flight->then(flight, NULL);
}

/* The descriptor is closed when nobody watches it any more, and before the loop's next turn. */
void echo_flight_close(struct echo_flight *flight)
{
	if (!echo_is_open(&flight->echo)) {
		flight->then(flight, NULL);
		return;
	}
	flight->state = ECHO_CLOSES;
	uv_close((uv_handle_t *)&flight->poll, on_closed);
	echo_close(&flight->echo);
}
