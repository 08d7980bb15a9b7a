/* File descriptors that are handed to other programs. */
#ifndef BASE_FD_H
#define BASE_FD_H

/* Descriptors below this are places to hand others over to; none of ours may be in the way. */
enum { FD_OURS = 16 };

/* Moves a descriptor to FD_OURS or above, close-on-exec. Takes -1 and returns it; on failure closes
 * the old one and returns -1 with errno. */
int fd_raise(int fd);

/* A pipe of raised, close-on-exec descriptors. 0 or -1 with errno. */
int fd_pipe(int ends[2]);

#endif
