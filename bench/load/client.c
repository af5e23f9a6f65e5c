#define _GNU_SOURCE
#include "client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MESSAGE_MOST = 8 << 20, AT_ONCE = 1 << 20, SMALL_BUFFER = 4096 };

/* One for all: what a client held back stands before what it reads now. */
static char *room_to_read(void)
{
    static char *room;
    if (!room)
        room = malloc(MESSAGE_MOST + AT_ONCE);
    return room;
}

/* --- coming and going ----------------------------------------------------------------------- */

static void watch(struct client *client, int operation)
{
    uint32_t events = client->reading == ALL || client->stage != READY ? EPOLLIN : 0;
    if (client->stage == CONNECTING_NOW || client->unsent_size)
        events |= EPOLLOUT;
    struct epoll_event event = {.events = events, .data.ptr = client};
    epoll_ctl(crowd.epoll, operation, client->fd, &event);
}

void client_start(struct client *client)
{
    int on = 1, small = SMALL_BUFFER;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(crowd.options.port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    client->stage = CONNECTING_NOW;
    client->asked = now_ns();
    if (client->fd < 0) {
        perror("load: socket");
        exit(1);
    }
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (client->reading != ALL) /* so that the server holds what waits, not our kernel */
        setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    int done = connect(client->fd, (struct sockaddr *)&address, sizeof address);
    if (done < 0 && errno != EINPROGRESS) {
        perror("load: connect");
        exit(1);
    }
    crowd.open++;
    watch(client, EPOLL_CTL_ADD);
}

void client_end(struct client *client)
{
    if (client->stage == GONE)
        return;
    if (client->stage == READY)
        crowd.ready--;
    close(client->fd);
    free(client->held);
    free(client->unsent);
    client->held = client->unsent = NULL;
    client->held_size = client->unsent_size = 0;
    client->stage = GONE;
    crowd.open--;
}

static void lost(struct client *client, const char *why)
{
    if (client->is_slow && client->stage == READY)
        crowd.cut_off++;
    else if (client->stage == READY)
        crowd.closed++;
    else if (crowd.failed++ < 3)
        fprintf(stderr, "load: client %d was not let in: %s\n", client->number, why);
    client_end(client);
}

void client_ready(struct client *client)
{
    client->stage = READY;
    crowd.ready++;
    latency_add(&crowd.connecting, now_ns() - client->asked);
    if (client->reading != ALL)
        watch(client, EPOLL_CTL_MOD);
}

void client_listen(struct client *client, bool listens)
{
    client->reading = listens ? ALL : NOTHING;
    if (client->stage != GONE)
        watch(client, EPOLL_CTL_MOD);
}

/* --- sending -------------------------------------------------------------------------------- */

static void send_rest(struct client *client)
{
    while (client->unsent_size) {
        ssize_t size = send(client->fd, client->unsent, client->unsent_size, MSG_NOSIGNAL);
        if (size <= 0)
            break;
        client->unsent_size -= size;
        memmove(client->unsent, client->unsent + size, client->unsent_size);
    }
    watch(client, EPOLL_CTL_MOD);
}

static void send_bytes(struct client *client, const void *bytes, size_t size)
{
    ssize_t done = client->unsent_size ? 0 : send(client->fd, bytes, size, MSG_NOSIGNAL);
    if (done == (ssize_t)size)
        return;
    size_t rest = size - (done > 0 ? done : 0);
    client->unsent = realloc(client->unsent, client->unsent_size + rest);
    memcpy(client->unsent + client->unsent_size, (const char *)bytes + size - rest, rest);
    client->unsent_size += rest;
    watch(client, EPOLL_CTL_MOD);
}

static void send_frame(struct client *client, int opcode, const char *payload, size_t size)
{
    static unsigned char frame[70000];
    send_bytes(client, frame, frame_write_masked(opcode, payload, size, frame));
}

void client_say(struct client *client, const char *message, size_t size)
{
    if (crowd.dialect->is_lines)
        send_bytes(client, message, size);
    else
        send_frame(client, TEXT, message, size);
}

static void ask_for_upgrade(struct client *client)
{
    char request[4096];
    size_t size = sprintf(request,
                          "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
                          crowd.options.path, crowd.options.port);
    size += crowd.dialect->headers(client, request + size);
    size += sprintf(request + size, "\r\n");
    client->stage = UPGRADING;
    send_bytes(client, request, size);
}

static void connected(struct client *client)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(client->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        lost(client, strerror(error));
        return;
    }
    client->stage = GREETING;
    watch(client, EPOLL_CTL_MOD);
    if (crowd.dialect->is_lines)
        crowd.dialect->greet(client);
    else
        ask_for_upgrade(client);
}

/* --- reading -------------------------------------------------------------------------------- */

/* Each of these returns how many bytes it has dealt with; 0: more must come first. */

static size_t take_upgrade(struct client *client, char *bytes, size_t size)
{
    const char *end = memmem(bytes, size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (!memmem(bytes, end - bytes, " 101", 4)) {
        bytes[size < 200 ? size : 200] = 0;
        lost(client, bytes);
        return size;
    }
    client->stage = GREETING;
    crowd.dialect->greet(client);
    return end + 4 - bytes;
}

static void take_payload(struct client *client, struct frame frame, char *payload, uint64_t now)
{
    if (frame.opcode == PING) {
        send_frame(client, PONG, payload, frame.length);
    } else if (frame.opcode == CLOSE) {
        lost(client, "a close frame");
    } else if (frame.masked || frame.reserved || !frame.last || frame.opcode > BINARY) {
        crowd.bad_frames++;
    } else {
        crowd.dialect->take(client, payload, frame.length, now);
    }
}

static size_t take_frame(struct client *client, char *bytes, size_t size, uint64_t now)
{
    struct frame frame;
    if (!frame_read((unsigned char *)bytes, size, &frame))
        return 0;
    if (frame.length > MESSAGE_MOST / 2) {
        crowd.bad_frames++;
        lost(client, "a frame larger than any server may send");
        return size;
    }
    if (size < frame.header + frame.length)
        return 0;
    take_payload(client, frame, bytes + frame.header, now);
    return frame.header + frame.length;
}

static size_t take_line(struct client *client, char *bytes, size_t size, uint64_t now)
{
    const char *end = memchr(bytes, '\n', size);
    if (!end)
        return 0;
    crowd.dialect->take(client, bytes, end - bytes, now);
    return end + 1 - bytes;
}

static size_t take_one(struct client *client, char *bytes, size_t size, uint64_t now)
{
    if (client->stage == UPGRADING)
        return take_upgrade(client, bytes, size);
    if (crowd.dialect->is_lines)
        return take_line(client, bytes, size, now);
    return take_frame(client, bytes, size, now);
}

static void hold(struct client *client, const char *rest, size_t size)
{
    if (size > client->held_size || !size)
        client->held = realloc(client->held, size ? size : 1);
    memcpy(client->held, rest, size);
    client->held_size = size;
}

void client_read(struct client *client, size_t most)
{
    char *room = room_to_read();
    size_t size = client->held_size, done = 0, took;
    if (size)
        memcpy(room, client->held, size);
    ssize_t got = recv(client->fd, room + size, most ? most : AT_ONCE, 0);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            lost(client, got ? strerror(errno) : "hung up");
        return;
    }
    crowd.bytes += got;
    size += got;
    uint64_t now = now_ns();
    while (client->stage != GONE && (took = take_one(client, room + done, size - done, now)))
        done += took;
    if (client->stage != GONE && (size > done || client->held_size))
        hold(client, room + done, size - done);
}

void client_turn(struct client *client, uint32_t events)
{
    if (client->stage == GONE)
        return;
    if (client->stage == CONNECTING_NOW) {
        connected(client);
        return;
    }
    if (events & EPOLLOUT)
        send_rest(client);
    if (client->reading == ALL || client->stage != READY)
        if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            client_read(client, 0);
}

/* --- what came ------------------------------------------------------------------------------ */

static bool is_measured(uint64_t due)
{
    return due >= crowd.measured_from && due < crowd.measured_to;
}

void client_got(struct client *client, const char *message, size_t size, uint64_t now)
{
    struct mark mark;
    if (!mark_find(message, size, &mark) || mark.sender >= (uint32_t)crowd.options.senders)
        return;
    struct had *had = &client->had[mark.sender / crowd.options.rooms];
    struct tally apart = {0};
    struct tally *tally = client->is_slow ? &apart : &crowd.tally;
    if (mark_take(had, mark.number, tally) && !client->is_slow && is_measured(mark.due))
        latency_add(&crowd.delivery, now - mark.due);
}

void client_acked(struct client *client, uint64_t due, uint64_t now)
{
    crowd.acks++;
    client->acked++;
    if (is_measured(due))
        latency_add(&crowd.ack, now - due);
    if (crowd.on_ack)
        crowd.on_ack(client);
}
