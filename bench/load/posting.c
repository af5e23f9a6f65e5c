#include "posting.h"

#include <stdbool.h>
#include <stdlib.h>

#include "client.h"

static struct {
    uint64_t begun;
    uint64_t *listeners;    /* by room: deliveries of a post there */
    uint64_t most_listeners;
    bool running;
} posting;

static void post(struct client *client, uint64_t due)
{
    static char text[10240], frame[12288];
    struct mark mark = {due, client->number, ++client->sent};
    mark_write(mark, text, crowd.options.size);
    client_say(client, frame, crowd.dialect->post(client, text, mark, frame));
    crowd.sent++;
    crowd.expected += posting.listeners[client->number % crowd.options.rooms];
}

static void post_next(uint64_t due)
{
    post(&crowd.clients[crowd.sent % crowd.options.senders], due);
}

static void post_again(struct client *client)
{
    if (posting.running && client->stage == READY)
        post(client, now_ns());
}

static void count_listeners(void)
{
    posting.listeners = calloc(crowd.options.rooms, sizeof *posting.listeners);
    for (int i = 0; i < crowd.options.clients; i++)
        if (crowd.clients[i].stage == READY && !crowd.clients[i].is_slow)
            posting.listeners[i % crowd.options.rooms]++;
    for (int room = 0; room < crowd.options.rooms; room++) {
        if (!crowd.dialect->echoes)
            posting.listeners[room]--;
        if (posting.listeners[room] > posting.most_listeners)
            posting.most_listeners = posting.listeners[room];
    }
}

void posting_begin(uint64_t now)
{
    count_listeners();
    posting.begun = now;
    posting.running = true;
    if (!crowd.options.unacked)
        return;
    crowd.on_ack = post_again;
    for (int i = 0; i < crowd.options.senders; i++)
        for (int times = 0; times < crowd.options.unacked; times++)
            post(&crowd.clients[i], now);
}

/* Each post somewhere in its share of a second, as people's are. At even times posts would keep step
 * with the clock by which the kernel tells user from system time, and that would mislead. */
static uint64_t due_next(void)
{
    uint32_t jumble = (uint32_t)crowd.sent * UINT32_C(2654435761);
    double place = crowd.sent + jumble / 4294967296.0;
    return posting.begun + (uint64_t)(place * (1e9 / crowd.options.rate));
}

uint64_t posting_turn(uint64_t now, uint64_t longest)
{
    if (crowd.options.rate > 0) {
        while (due_next() <= now)
            post_next(due_next());
        uint64_t wait = due_next() - now;
        return wait < longest ? wait : longest;
    }
    uint64_t in_flight = crowd.options.window * posting.most_listeners;
    while (crowd.options.window && crowd.expected < crowd.tally.received + in_flight)
        post_next(now_ns());
    return longest;
}

void posting_end(void)
{
    posting.running = false;
}
