/* WebSocket frames (RFC 6455, section 5), as a client writes and reads them. */
#ifndef FRAMES_H
#define FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10 };
enum { HEADER_MOST = 14 };

struct frame {
    int opcode;
    bool last;          /* FIN: no more fragments follow */
    bool reserved;      /* a bit is set that nobody agreed on */
    bool masked;
    size_t header;      /* bytes before the payload */
    uint64_t length;    /* of the payload */
    unsigned char mask[4];
};

/* Reads a frame's header. False: it is not whole yet. */
bool frame_read(const unsigned char *bytes, size_t size, struct frame *found);

/* Undoes or does the masking of a payload. */
void frame_mask(unsigned char *payload, size_t length, const unsigned char mask[4]);

/* Writes a whole masked frame to `out` (room for `length` + HEADER_MOST); returns its size. */
size_t frame_write_masked(int opcode, const void *payload, size_t length, unsigned char *out);

/* Writes the header of a server's frame; returns its size. */
size_t frame_write_header(int opcode, size_t length, bool masked, unsigned char *out);

#endif
