/* One connection, and what all of them share. */
#ifndef CLIENT_H
#define CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frames.h"
#include "latency.h"
#include "marks.h"
#include "options.h"

enum stage { CONNECTING_NOW, UPGRADING, GREETING, READY, GONE };
enum reading { ALL, A_BYTE_A_SECOND, NOTHING };

struct client {
    int fd;
    int number;
    enum stage stage;
    enum reading reading;   /* now */
    bool is_slow;           /* did not read while the others did: nobody waits for it */
    char *held;             /* the beginning of a message whose rest has not come */
    size_t held_size;
    char *unsent;
    size_t unsent_size;
    struct had *had;        /* by sender of its room */
    const char *cookie, *room;
    int64_t seq;            /* of the newest entry of its room's log; -1: not known */
    char tag[48];
    uint32_t sent, acked;
    uint64_t asked;         /* when it began to connect */
};

/* How a kind of server is spoken to. */
struct dialect {
    const char *name;
    bool is_lines;          /* else WebSocket frames */
    bool echoes;            /* who posts gets the post too */
    /* Headers of the upgrade besides the usual. */
    size_t (*headers)(const struct client *client, char *out);
    /* Connected (or upgraded): say hello; the client is READY at once or by what it takes. */
    void (*greet)(struct client *client);
    /* One text frame or line. */
    void (*take)(struct client *client, const char *message, size_t size, uint64_t now);
    /* Writes what carries a text. */
    size_t (*post)(struct client *client, const char *text, struct mark mark, char *out);
};

/* All clients and what they have found. */
struct crowd {
    struct options options;
    const struct dialect *dialect;
    struct client *clients;
    int epoll;
    int open, ready, failed;        /* connections */
    struct tally tally;
    uint64_t sent, expected;        /* posts; deliveries of them */
    uint64_t acks, errors, closed, bad_frames, bytes;
    uint64_t cut_off;               /* slow readers' connections that the server closed */
    uint64_t log_gaps;              /* entries of a room's log that came other than next */
    uint64_t reloads, resumed;
    uint64_t measured_from, measured_to;    /* posts due between these are timed */
    struct latency delivery, ack, connecting;
    void (*on_ack)(struct client *client);
};

extern struct crowd crowd;
extern const struct dialect chatelaine, plain, irc;

/* Begins to connect. */
void client_start(struct client *client);
/* Does what epoll says of it. */
void client_turn(struct client *client, uint32_t events);
/* Reads no more than so many bytes now. */
void client_read(struct client *client, size_t most);
/* Sends a text frame or line. */
void client_say(struct client *client, const char *message, size_t size);
/* It has been told all that it waited for. */
void client_ready(struct client *client);
/* It hears no more, or again. */
void client_listen(struct client *client, bool listens);
/* A message with a mark came: is it the one that was to come? */
void client_got(struct client *client, const char *message, size_t size, uint64_t now);
/* A post that was due then is acknowledged. */
void client_acked(struct client *client, uint64_t due, uint64_t now);
void client_end(struct client *client);

#endif
