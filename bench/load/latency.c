#include "latency.h"

#include <time.h>

static int bucket_of(uint64_t ns)
{
    if (ns < STEPS)
        return ns;
    int octave = 63 - __builtin_clzll(ns) - 6;
    return (octave + 1) * STEPS + (ns >> octave & (STEPS - 1));
}

static double middle_of(int bucket)
{
    if (bucket < STEPS)
        return bucket;
    int octave = bucket / STEPS - 1;
    return (STEPS + bucket % STEPS + 0.5) * (double)(UINT64_C(1) << octave);
}

void latency_add(struct latency *all, uint64_t ns)
{
    all->count++;
    all->buckets[bucket_of(ns)]++;
    if (ns > all->longest)
        all->longest = ns;
}

double latency_ms(const struct latency *all, double part)
{
    uint64_t wanted = part * all->count, passed = 0;
    for (int i = 0; all->count && i < BUCKETS; i++) {
        passed += all->buckets[i];
        if (passed > wanted)
            return (middle_of(i) < all->longest ? middle_of(i) : all->longest) / 1e6;
    }
    return all->longest / 1e6;
}

uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}
