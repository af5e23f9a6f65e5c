/* Who posts when. */
#ifndef POSTING_H
#define POSTING_H

#include <stdint.h>

/* Counts who will hear each post; once all are connected. */
void posting_begin(uint64_t now);

/* Sends what is due; returns ns until the next is, at most `longest`. */
uint64_t posting_turn(uint64_t now, uint64_t longest);

/* No more posts, whatever is acknowledged. */
void posting_end(void);

#endif
