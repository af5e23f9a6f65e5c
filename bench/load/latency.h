/* Times, kept as a histogram: 64 steps an octave, so that a quantile is exact to 1.6 %. */
#ifndef LATENCY_H
#define LATENCY_H

#include <stdint.h>

enum { STEPS = 64, BUCKETS = 60 * STEPS };

struct latency {
    uint64_t count;
    uint64_t longest;
    uint64_t buckets[BUCKETS];
};

void latency_add(struct latency *all, uint64_t ns);

/* Milliseconds that the given part of all took at most; 0 if there are none. */
double latency_ms(const struct latency *all, double part);

/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t now_ns(void);

#endif
