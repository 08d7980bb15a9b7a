#include "engine/processes.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void processes_signal(pid_t host, int signal)
{
	kill(-host, signal);
}

/* The parent in /proc/PID/stat, which stands two fields behind the name in parentheses
 * (proc(5)). */
static pid_t parent_of(const char *pid)
{
	char path[64], line[512];
	snprintf(path, sizeof(path), "/proc/%.20s/stat", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return -1;
	char *read = fgets(line, sizeof(line), file);
	fclose(file);
	char *behind_name = read ? strrchr(line, ')') : NULL;
	int parent;
	return behind_name && sscanf(behind_name, ") %*c %d", &parent) == 1 ? parent : -1;
}

/* Everything whose parent the program has become. */
static void kill_adopted(void)
{
	DIR *proc = opendir("/proc");
	pid_t self = getpid();
	if (!proc)
		return;
	for (struct dirent *entry; (entry = readdir(proc));)
		if (isdigit((unsigned char)entry->d_name[0]) && parent_of(entry->d_name) == self)
			kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL);
	closedir(proc);
}

void processes_clear(pid_t host)
{
	kill(-host, SIGKILL);
	for (;;) {
		pid_t reaped = waitpid(-1, NULL, WNOHANG);
		if (reaped < 0 && errno != EINTR)
			return; /* ECHILD: nothing is left */
		if (reaped == 0) {
			kill_adopted();
			waitpid(-1, NULL, 0);
		}
	}
}
