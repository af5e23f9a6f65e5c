/* The mark in every text that is sent: when it was due, who sent it, and that sender's how-manieth
 * it is. By it each client sees what is missing, doubled or out of order. */
#ifndef MARKS_H
#define MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MARK_SIZE = 32 };

struct mark {
    uint64_t due;       /* ns of CLOCK_MONOTONIC */
    uint32_t sender;
    uint32_t number;    /* from 1 on */
};

/* What one client has had from one sender. */
struct had {
    uint32_t newest;
    uint64_t window;    /* bit i: it has had `newest` - i */
};

/* What all clients together have found. */
struct tally {
    uint64_t received;      /* each post once a client */
    uint64_t doubled;
    uint64_t misordered;    /* came after one that was sent later */
    uint64_t skipped;       /* passed over, and not come since */
};

/* Writes a text of `size` bytes (at least MARK_SIZE) that begins with the mark. */
void mark_write(struct mark mark, char *text, size_t size);

/* Finds the mark in a message. */
bool mark_find(const char *message, size_t size, struct mark *found);

/* Notes that a client got this; false if it had it before. */
bool mark_take(struct had *had, uint32_t number, struct tally *tally);

/* Hexadecimal digits, as marks have them. */
void hex_write(uint64_t value, char *out, int digits);
uint64_t hex_read(const char *digits, int count);

#endif
