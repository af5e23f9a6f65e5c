/* The floor: what a chat server costs at least on this machine.
 *
 *     floor PORT [FILE]
 *
 * A bare WebSocket server on 127.0.0.1 without accounts, rights or rooms: each text goes to everyone
 * who is connected, its bytes made once, by one send each. With FILE every text is first appended
 * there and synced, as a server must that keeps what it has acknowledged ("floor with disk"). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../load/frames.h"

enum { AT_ONCE = 1 << 16, EVENTS = 256, TEXT_MOST = 1 << 14, FILES = 65536 };

static const char upgraded[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"; /* of the one key that load has */

struct listener {
    int fd;
    int place;              /* in `listeners`; -1: not upgraded yet */
    unsigned char *held;    /* the beginning of a frame */
    size_t held_size;
    unsigned char *unsent;
    size_t unsent_size;
};

static struct listener *listeners[FILES];
static int listening, epoll, disk = -1;

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void watch(struct listener *listener, int operation)
{
    struct epoll_event event = {.events = EPOLLIN | (listener->unsent_size ? EPOLLOUT : 0)};
    event.data.ptr = listener;
    epoll_ctl(epoll, operation, listener->fd, &event);
}

static void send_later(struct listener *listener, const unsigned char *rest, size_t size)
{
    listener->unsent = realloc(listener->unsent, listener->unsent_size + size);
    memcpy(listener->unsent + listener->unsent_size, rest, size);
    listener->unsent_size += size;
    watch(listener, EPOLL_CTL_MOD);
}

static void send_to_all(const unsigned char *frame, size_t size)
{
    for (int i = 0; i < listening; i++) {
        ssize_t sent = listeners[i]->unsent_size
            ? 0 : send(listeners[i]->fd, frame, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < (ssize_t)size) {
            size_t done = sent > 0 ? sent : 0;
            send_later(listeners[i], frame + done, size - done);
        }
    }
}

static void keep(const unsigned char *text, size_t size)
{
    if (disk >= 0 && (write(disk, text, size) != (ssize_t)size || fdatasync(disk)))
        fail("floor: disk");
}

static void hand_out(const unsigned char *text, size_t size)
{
    static unsigned char frame[TEXT_MOST + HEADER_MOST];
    keep(text, size);
    size_t header = frame_write_header(TEXT, size, false, frame);
    memcpy(frame + header, text, size);
    send_to_all(frame, header + size);
}

static void leave(struct listener *listener)
{
    if (listener->place >= 0) {
        listeners[listener->place] = listeners[--listening];
        listeners[listener->place]->place = listener->place;
    }
    close(listener->fd);
    free(listener->held);
    free(listener->unsent);
    free(listener);
}

static void upgrade(struct listener *listener)
{
    if (send(listener->fd, upgraded, sizeof upgraded - 1, MSG_NOSIGNAL) < 0)
        return;
    listener->place = listening;
    listeners[listening++] = listener;
}

/* Returns how many of the bytes were whole frames. */
static size_t take_frames(unsigned char *bytes, size_t size)
{
    size_t done = 0;
    struct frame frame;
    while (frame_read(bytes + done, size - done, &frame) && frame.length <= TEXT_MOST &&
           size - done >= frame.header + frame.length) {
        unsigned char *payload = bytes + done + frame.header;
        frame_mask(payload, frame.length, frame.mask);
        if (frame.opcode == TEXT)
            hand_out(payload, frame.length);
        done += frame.header + frame.length;
    }
    return done;
}

static void take(struct listener *listener)
{
    static unsigned char bytes[AT_ONCE * 2];
    size_t size = listener->held_size;
    if (size)
        memcpy(bytes, listener->held, size);
    ssize_t got = recv(listener->fd, bytes + size, AT_ONCE, MSG_DONTWAIT);
    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            leave(listener);
        return;
    }
    size += got;
    size_t done = size;
    if (listener->place >= 0)
        done = take_frames(bytes, size);
    else if (memmem(bytes, size, "\r\n\r\n", 4))
        upgrade(listener);
    else
        done = 0;
    listener->held_size = size - done;
    listener->held = realloc(listener->held, size - done ? size - done : 1);
    memcpy(listener->held, bytes + done, size - done);
}

static void send_rest(struct listener *listener)
{
    ssize_t sent = send(listener->fd, listener->unsent, listener->unsent_size,
                        MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0)
        return;
    listener->unsent_size -= sent;
    memmove(listener->unsent, listener->unsent + sent, listener->unsent_size);
    if (!listener->unsent_size)
        watch(listener, EPOLL_CTL_MOD);
}

static void let_in(int door)
{
    int on = 1;
    for (int fd; (fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        struct listener *listener = calloc(1, sizeof *listener);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        listener->fd = fd;
        listener->place = -1;
        watch(listener, EPOLL_CTL_ADD);
    }
}

static int open_door(int port)
{
    int on = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(door, (struct sockaddr *)&address, sizeof address) || listen(door, 4096))
        fail("floor: listen");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll, EPOLL_CTL_ADD, door, &event);
    return door;
}

static void prepare(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    epoll = epoll_create1(0);
}

int main(int count, char **words)
{
    if (count < 2) {
        fputs("floor PORT [FILE]\n", stderr);
        return 2;
    }
    prepare();
    if (count > 2 && (disk = open(words[2], O_WRONLY | O_CREAT | O_APPEND, 0600)) < 0)
        fail("floor: open");
    int door = open_door(atoi(words[1]));
    struct epoll_event events[EVENTS];
    for (;;) {
        int happened = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < happened; i++) {
            struct listener *listener = events[i].data.ptr;
            if (!listener)
                let_in(door);
            else if (events[i].events & EPOLLOUT)
                send_rest(listener);
            else
                take(listener);
        }
    }
}
