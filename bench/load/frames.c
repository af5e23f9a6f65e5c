#include "frames.h"

#include <string.h>

static size_t header_size(unsigned char second)
{
    int length = second & 0x7f;
    size_t size = length == 126 ? 4 : length == 127 ? 10 : 2;
    return size + (second & 0x80 ? 4 : 0);
}

bool frame_read(const unsigned char *bytes, size_t size, struct frame *found)
{
    if (size < 2 || size < header_size(bytes[1]))
        return false;
    found->opcode = bytes[0] & 0x0f;
    found->last = bytes[0] & 0x80;
    found->reserved = bytes[0] & 0x70;
    found->masked = bytes[1] & 0x80;
    found->header = header_size(bytes[1]);
    found->length = bytes[1] & 0x7f;
    size_t more = found->length == 126 ? 2 : found->length == 127 ? 8 : 0;
    if (more) {
        found->length = 0;
        for (size_t i = 0; i < more; i++)
            found->length = found->length << 8 | bytes[2 + i];
    }
    if (found->masked)
        memcpy(found->mask, bytes + found->header - 4, 4);
    return true;
}

void frame_mask(unsigned char *payload, size_t length, const unsigned char mask[4])
{
    for (size_t i = 0; i < length; i++)
        payload[i] ^= mask[i & 3];
}

size_t frame_write_header(int opcode, size_t length, bool masked, unsigned char *out)
{
    unsigned char bit = masked ? 0x80 : 0;
    out[0] = 0x80 | opcode;
    if (length < 126) {
        out[1] = bit | length;
        return 2;
    }
    size_t more = length < 65536 ? 2 : 8;
    out[1] = bit | (more == 2 ? 126 : 127);
    for (size_t i = 0; i < more; i++)
        out[2 + i] = (uint64_t)length >> 8 * (more - 1 - i);
    return 2 + more;
}

size_t frame_write_masked(int opcode, const void *payload, size_t length, unsigned char *out)
{
    static const unsigned char mask[4] = {0x12, 0x9a, 0x5c, 0x37};
    size_t size = frame_write_header(opcode, length, true, out);
    memcpy(out + size, mask, 4);
    size += 4;
    memcpy(out + size, payload, length);
    frame_mask(out + size, length, mask);
    return size + length;
}
