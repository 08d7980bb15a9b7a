/* See random.h. */
#include "base/random.h"

/* splitmix64 (Steele, Lea & Flood, OOPSLA 2014). */
uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019. */
uint64_t random_below(uint64_t *state, uint64_t bound)
{
	unsigned __int128 product = (unsigned __int128)random_next(state) * bound;
	if ((uint64_t)product < bound)
		while ((uint64_t)product < -bound % bound)
			product = (unsigned __int128)random_next(state) * bound;
	return (uint64_t)(product >> 64);
}
