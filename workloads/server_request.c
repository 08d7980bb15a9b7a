#include "workloads/server_request.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A piece of the request; not NUL-terminated. */
struct piece {
	const char *text;
	size_t length;
};

/* What has been seen of a request. */
struct reading {
	struct request *request;
	bool minor; /* HTTP/1.1, not 1.0 */
	bool host, keeps, closes, has_body;
};

static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{200, "OK"},
	{400, "Bad Request"},
	{405, "Method Not Allowed"},
	{413, "Content Too Large"},
	{431, "Request Header Fields Too Large"},
	{505, "HTTP Version Not Supported"},
};

const char *request_reason(int status)
{
	size_t i = 0;
	while (reasons[i].status != status)
		i++;
	return reasons[i].reason;
}

static bool is(struct piece piece, const char *text)
{
	return piece.length == strlen(text) && memcmp(piece.text, text, piece.length) == 0;
}

static bool is_word(struct piece piece, const char *word)
{
	return piece.length == strlen(word) && strncasecmp(piece.text, word, piece.length) == 0;
}

static struct piece trim(struct piece piece)
{
	while (piece.length && (*piece.text == ' ' || *piece.text == '\t')) {
		piece.text++;
		piece.length--;
	}
	while (piece.length && strchr(" \t", piece.text[piece.length - 1]))
		piece.length--;
	return piece;
}

/* What stands before the first `mark`, which is taken off too; all, if there is none. */
static struct piece cut(struct piece *rest, char mark)
{
	const char *at = memchr(rest->text, mark, rest->length);
	struct piece first = {rest->text, at ? (size_t)(at - rest->text) : rest->length};
	size_t taken = first.length + (at != NULL);
	*rest = (struct piece){rest->text + taken, rest->length - taken};
	return first;
}

/* The next line without its end; false: there is no whole one. A bare LF ends a line too
 * (RFC 9112, 2.2). */
static bool next_line(struct piece *rest, struct piece *line)
{
	if (!memchr(rest->text, '\n', rest->length))
		return false;
	*line = cut(rest, '\n');
	if (line->length && line->text[line->length - 1] == '\r')
		line->length--;
	return true;
}

static void fail(struct reading *reading, int status)
{
	if (reading->request->status == 200)
		reading->request->status = status;
}

static void read_version(struct reading *reading, struct piece version)
{
	reading->minor = is(version, "HTTP/1.1");
	if (reading->minor || is(version, "HTTP/1.0"))
		return;
	bool form = version.length == 8 && memcmp(version.text, "HTTP/", 5) == 0 &&
		    isdigit((unsigned char)version.text[5]) && version.text[6] == '.' &&
		    isdigit((unsigned char)version.text[7]);
	fail(reading, form ? 505 : 400);
}

/* `method target version`, one space between them. */
static void read_first_line(struct reading *reading, struct piece line)
{
	struct piece method = cut(&line, ' '), target = cut(&line, ' ');
	if (!method.length || !target.length || !line.length) {
		fail(reading, 400);
		return;
	}
	read_version(reading, line);
	reading->request->head = is(method, "HEAD");
	if (!reading->request->head && !is(method, "GET"))
		fail(reading, 405);
}

static void read_connection(struct reading *reading, struct piece value)
{
	while (value.length) {
		struct piece word = trim(cut(&value, ','));
		reading->closes |= is_word(word, "close");
		reading->keeps |= is_word(word, "keep-alive");
	}
}

static void read_field(struct reading *reading, struct piece line)
{
	struct piece name = cut(&line, ':'), value = trim(line);
	bool colon = name.text + name.length < line.text;
	if (!colon || !name.length || memchr(name.text, ' ', name.length) ||
		memchr(name.text, '\t', name.length))
		fail(reading, 400);
	else if (is_word(name, "host"))
		reading->host = true;
	else if (is_word(name, "connection"))
		read_connection(reading, value);
	else if (is_word(name, "content-length"))
		reading->has_body |= !is(value, "0");
	else if (is_word(name, "transfer-encoding"))
		reading->has_body = true;
}

/* RFC 9112, 3.2: HTTP/1.1 must name the host. 9.3: when a connection persists. */
static void conclude(struct reading *reading)
{
	struct request *request = reading->request;
	if (reading->minor && !reading->host)
		fail(reading, 400);
	if (reading->has_body)
		fail(reading, 413);
	request->says_so = !reading->minor && reading->keeps;
	request->close =
		request->status != 200 || reading->closes || (!reading->minor && !reading->keeps);
}

static size_t give_up(struct request *request, int status, size_t count)
{
	*request = (struct request){.status = status, .close = true};
	return count;
}

size_t request_read(const char *bytes, size_t count, struct request *request)
{
	struct piece rest = {bytes, count}, line;
	struct reading reading = {.request = request};
	*request = (struct request){.status = 200};
	do {
		if (!next_line(&rest, &line))
			return count > REQUEST_MOST_BYTES ? give_up(request, 431, count) : 0;
	} while (!line.length); /* empty lines before a request are passed over: RFC 9112, 2.2 */
	read_first_line(&reading, line);
	while (next_line(&rest, &line)) {
		if (!line.length) {
			conclude(&reading);
			return request->close ? count : count - rest.length;
		}
		read_field(&reading, line);
	}
	/* What is no request at all has perhaps no end either. */
	if (request->status == 400)
		return give_up(request, 400, count);
	return count > REQUEST_MOST_BYTES ? give_up(request, 431, count) : 0;
}
