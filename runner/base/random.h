/* Random numbers that are the same everywhere for the same seed. Not for secrets. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* `*state` is the seed at first; any value will do. */
uint64_t random_next(uint64_t *state);

/* Uniform in 0 … bound-1; bound > 0. */
uint64_t random_below(uint64_t *state, uint64_t bound);

#endif
