#define _GNU_SOURCE
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char help[] =
    "load: many chat clients in one thread, which send posts, count what comes back, and check\n"
    "that nothing is missing, doubled or out of order. Prints one line of JSON.\n\n"
    "  --port N --server PID      on 127.0.0.1; whose CPU and memory are read\n"
    "  --speak NAME               chatelaine, plain (WebSocket that sends on what it gets) or irc\n"
    "  --path PATH                of the WebSocket\n"
    "  --people FILE              line i: cookie and room of client i, with a tab between\n"
    "  --clients N                client i is in room i modulo --rooms\n"
    "  --connecting N             at a time (100)\n"
    "  --patience S               to connect in (120)\n"
    "  --rooms N --senders N      the first clients send, in turn (1, 1)\n"
    "  --size BYTES               of a text (100)\n"
    "  --rate N                   posts a second; latency counts from when a post was due\n"
    "  --window N                 or: so many posts in flight until all listeners have them\n"
    "  --unacked N                or: so many of each sender until they are acknowledged\n"
    "  --settle S --warm S        wait; post without measuring (0, 1)\n"
    "  --seconds S --drain S      measure; wait for what is still to come (5, 5)\n"
    "  --hold S                   post nothing: stay connected, then end\n"
    "  --only-greeted             nobody subscribes to a room\n"
    "  --stopped N --dribbling N  of the last clients so many read nothing, or a byte a second\n"
    "  --again                    those read on at the end, and resume if they were cut off\n";

enum name {
    PORT = 1, SERVER, SPEAK, PATH, PEOPLE, CLIENTS, CONNECTING, PATIENCE, ROOMS, SENDERS, SIZE,
    RATE, WINDOW, UNACKED, SETTLE, WARM, SECONDS, DRAIN, HOLD, STOPPED, DRIBBLING, AGAIN, ONLY_GREETED, HELP
};

static const struct option names[] = {
    {"port", 1, 0, PORT},       {"server", 1, 0, SERVER},
    {"speak", 1, 0, SPEAK},     {"path", 1, 0, PATH},
    {"people", 1, 0, PEOPLE},   {"clients", 1, 0, CLIENTS},
    {"connecting", 1, 0, CONNECTING}, {"patience", 1, 0, PATIENCE},
    {"rooms", 1, 0, ROOMS},     {"senders", 1, 0, SENDERS},
    {"size", 1, 0, SIZE},       {"rate", 1, 0, RATE},
    {"window", 1, 0, WINDOW},   {"unacked", 1, 0, UNACKED},
    {"settle", 1, 0, SETTLE},   {"warm", 1, 0, WARM},
    {"seconds", 1, 0, SECONDS}, {"drain", 1, 0, DRAIN},
    {"hold", 1, 0, HOLD},       {"stopped", 1, 0, STOPPED},
    {"dribbling", 1, 0, DRIBBLING}, {"again", 0, 0, AGAIN},
    {"only-greeted", 0, 0, ONLY_GREETED},
    {"help", 0, 0, HELP},       {0, 0, 0, 0},
};

static void set(struct options *it, enum name name, const char *text)
{
    double number = text ? atof(text) : 0;
    switch (name) {
    case PORT: it->port = number; break;
    case SERVER: it->server = number; break;
    case SPEAK: it->speak = text; break;
    case PATH: it->path = text; break;
    case PEOPLE: it->people = text; break;
    case CLIENTS: it->clients = number; break;
    case CONNECTING: it->connecting = number; break;
    case PATIENCE: it->patience = number; break;
    case ROOMS: it->rooms = number; break;
    case SENDERS: it->senders = number; break;
    case SIZE: it->size = number; break;
    case RATE: it->rate = number; break;
    case WINDOW: it->window = number; break;
    case UNACKED: it->unacked = number; break;
    case SETTLE: it->settle = number; break;
    case WARM: it->warm = number; break;
    case SECONDS: it->seconds = number; break;
    case DRAIN: it->drain = number; break;
    case HOLD: it->hold = number; break;
    case STOPPED: it->stopped = number; break;
    case DRIBBLING: it->dribbling = number; break;
    case AGAIN: it->again = true; break;
    case ONLY_GREETED: it->only_greeted = true; break;
    case HELP: fputs(help, stdout); exit(0);
    }
}

struct options options_read(int count, char **words)
{
    struct options it = {
        .speak = "plain", .path = "/", .clients = 10, .connecting = 100, .patience = 120,
        .rooms = 1, .senders = 1, .size = 100, .warm = 1, .seconds = 5, .drain = 5,
    };
    for (int name; (name = getopt_long(count, words, "", names, NULL)) != -1;) {
        if (name == '?')
            exit(2);
        set(&it, name, optarg);
    }
    if (!it.port || it.size < 32 || it.size > 10000 || it.rooms < 1 || it.senders < 1 ||
        it.clients < it.senders) {
        fputs("load: needs --port, --size of 32 to 10000, and --senders among the --clients\n",
              stderr);
        exit(2);
    }
    return it;
}
