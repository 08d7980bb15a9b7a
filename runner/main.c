/* argv → command. The only place that prints errors and exits. */
#include "commands/command.h"
#include "commands/help.h"
#include "commands/invocation.h"
#include "commands/plugins.h"
#include "engine/image.h"
#include "measure/newborn.h"
#include "script/expr.h"
#include "script/state.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Large enough that what is left for the last flush, whose errno is reported, is all of most
 * output. */
static char stdout_buffer[256 * 1024];

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	if (invocation_has(invocation, FLAG_ALLOW_EXEC))
		state_allow_all();
	if (!invocation_has(invocation, FLAG_HELP))
		return plugins_load(invocation, err) == 0
			       ? invocation->command->run(invocation, err)
			       : EXIT_USAGE;
	if (!invocation->named && invocation->operand_count == 0)
		help_program(stdout);
	else
		help_of(invocation->command, stdout);
	return EXIT_OK;
}

/* A reader that has seen enough (`conrun list | head`) is told nothing. */
static enum exit_code close_stdout(enum exit_code code, struct err *err)
{
	errno = 0;
	bool failed = fflush(stdout) != 0 || ferror(stdout);
	if (!failed)
		return code;
	if (!*err->text && errno != EPIPE)
		err_errno(err, errno ? errno : EIO, "cannot write to standard output");
	return code == EXIT_OK ? EXIT_NOT_OK : code;
}

/* A process of a run, not a command. */
static int run_image(int argc, char **argv)
{
	struct err err = {.text = ""};
	int code = image_main(argc, argv, &err);
	if (*err.text)
		fprintf(stderr, "conrun: error: %s\n", err.text);
	return code < 0 ? EXIT_USAGE : code;
}

int main(int argc, char **argv)
{
	struct err err = {.text = ""};
	struct invocation invocation;
	if (newborn_is(argc, argv))
		return newborn_main();
	/* A closed pipe is an error of write(2) here, not the end of the program: results come
	 * first. */
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, stdout_buffer, _IOFBF, sizeof(stdout_buffer));
	expr_install();
	if (image_is(argc, argv))
		return run_image(argc, argv);
	if (argc < 2) {
		help_begin(stderr);
		return EXIT_USAGE;
	}
	enum exit_code code = EXIT_USAGE;
	if (invocation_parse(&invocation, argc, argv, &err) == 0)
		code = run(&invocation, &err);
	invocation_release(&invocation);
	code = close_stdout(code, &err);
	if (*err.text)
		fprintf(stderr, "conrun: error: %s\n", err.text);
	return code;
}
