#define _GNU_SOURCE
#include "marks.h"

#include <string.h>

enum { WINDOW = 64 };

void hex_write(uint64_t value, char *out, int digits)
{
    for (int i = 0; i < digits; i++)
        out[i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 15];
}

uint64_t hex_read(const char *digits, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++) {
        unsigned char digit = digits[i];
        value = value << 4 | (unsigned)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
    }
    return value;
}

void mark_write(struct mark mark, char *text, size_t size)
{
    memcpy(text, "~!", 2);
    hex_write(mark.due, text + 2, 16);
    hex_write(mark.sender, text + 18, 6);
    hex_write(mark.number, text + 24, 8);
    for (size_t i = MARK_SIZE; i < size; i++)
        text[i] = 'a' + i % 26;
}

bool mark_find(const char *message, size_t size, struct mark *found)
{
    const char *at = memchr(message, '~', size);
    if (!at || message + size - at < MARK_SIZE || at[1] != '!')
        return false;
    found->due = hex_read(at + 2, 16);
    found->sender = hex_read(at + 18, 6);
    found->number = hex_read(at + 24, 8);
    return true;
}

static void move_to(struct had *had, uint32_t number)
{
    uint32_t steps = number - had->newest;
    had->window = steps < WINDOW ? had->window << steps | 1 : 1;
    had->newest = number;
}

bool mark_take(struct had *had, uint32_t number, struct tally *tally)
{
    if (number > had->newest) {
        tally->skipped += number - had->newest - 1;
        move_to(had, number);
    } else {
        uint32_t back = had->newest - number;
        if (back >= WINDOW || had->window >> back & 1) {
            tally->doubled++;
            return false;
        }
        had->window |= UINT64_C(1) << back;
        tally->misordered++;
        tally->skipped--;
    }
    tally->received++;
    return true;
}
