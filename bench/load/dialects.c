#define _GNU_SOURCE
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool begins(const char *message, size_t size, const char *with)
{
    size_t length = strlen(with);
    return size >= length && !memcmp(message, with, length);
}

/* --- Chatelaine's protocol, docs/protocol.md --------------------------------------------------- */

enum { POST_REQUESTS_FROM = 100, ID_JUMBLE = 8 };

static const char *value_of(const char *message, size_t size, const char *key)
{
    const char *at = memmem(message, size, key, strlen(key));
    return at ? at + strlen(key) : NULL;
}

static size_t chatelaine_headers(const struct client *client, char *out)
{
    return sprintf(out,
                   "Origin: http://localhost:%d\r\nCookie: session=%s\r\n"
                   "Sec-WebSocket-Protocol: chatelaine.1\r\n",
                   crowd.options.port, client->cookie);
}

static void chatelaine_greet(struct client *client)
{
    char frame[256];
    if (crowd.options.only_greeted)
        return;
    int size = client->seq < 0
        ? sprintf(frame, "{\"t\":\"subscribe\",\"id\":1,\"rooms\":[{\"room\":\"%s\"}]}",
                  client->room)
        : sprintf(frame,
                  "{\"t\":\"subscribe\",\"id\":1,\"rooms\":"
                  "[{\"room\":\"%s\",\"seq\":%lld,\"tag\":\"%s\"}]}",
                  client->room, (long long)client->seq, client->tag);
    client_say(client, frame, size);
}

static void subscribed(struct client *client, const char *message, size_t size)
{
    const char *seq = value_of(message, size, "\"seq\":");
    const char *tag = value_of(message, size, "\"tag\":\"");
    if (client->seq >= 0) {
        if (value_of(message, size, "\"reload\":true"))
            crowd.reloads++;
        else
            crowd.resumed++;
    }
    client->seq = seq ? atoll(seq) : -1;
    if (tag)
        snprintf(client->tag, sizeof client->tag, "%.*s",
                 (int)strcspn(tag, "\""), tag);
    client_ready(client);
}

static void entry(struct client *client, const char *message, size_t size, uint64_t now)
{
    const char *text = value_of(message, size < 120 ? size : 120, "\"seq\":");
    int64_t seq = text ? atoll(text) : -1;
    if (seq != client->seq + 1)
        crowd.log_gaps++;
    client->seq = seq;
    client_got(client, message, size, now);
}

static void posted(struct client *client, const char *message, size_t size, uint64_t now)
{
    const char *id = value_of(message, size, "\"client_id\":\"");
    if (id)
        client_acked(client, hex_read(id + ID_JUMBLE, 16), now);
}

static void chatelaine_take(struct client *client, const char *message, size_t size, uint64_t now)
{
    if (begins(message, size, "{\"t\":\"entry\"")) {
        entry(client, message, size, now);
    } else if (begins(message, size, "{\"t\":\"posted\"")) {
        posted(client, message, size, now);
    } else if (begins(message, size, "{\"t\":\"subscribed\"")) {
        subscribed(client, message, size);
    } else if (begins(message, size, "{\"t\":\"welcome\"")) {
        if (crowd.options.only_greeted)
            client_ready(client);
    } else if (begins(message, size, "{\"t\":\"error\"") || begins(message, size, "{\"t\":\"lost\"")) {
        if (crowd.errors++ < 3)
            fprintf(stderr, "load: client %d: %.*s\n", client->number, (int)size, message);
    }
}

/* The client's own id of a post: first something that is in no order, as a browser's random ids
 * are; then when it was due, by sender and number, so that it is nobody else's. */
static size_t chatelaine_post(struct client *client, const char *text, struct mark mark, char *out)
{
    char jumble[ID_JUMBLE], due[16], sender[6];
    hex_write((uint32_t)(mark.due ^ mark.number) * UINT64_C(2654435761), jumble, ID_JUMBLE);
    hex_write(mark.due, due, 16);
    hex_write(mark.sender, sender, 6);
    return sprintf(out,
                   "{\"t\":\"post\",\"id\":%u,\"room\":\"%s\",\"client_id\":\"%.*s%.16s-%.6s-%u\","
                   "\"text\":\"%.*s\"}",
                   POST_REQUESTS_FROM + mark.number, client->room, ID_JUMBLE, jumble, due, sender,
                   mark.number, (int)crowd.options.size, text);
}

const struct dialect chatelaine = {
    .name = "chatelaine", .echoes = true, .headers = chatelaine_headers,
    .greet = chatelaine_greet, .take = chatelaine_take, .post = chatelaine_post,
};

/* --- a WebSocket that sends on what it gets ---------------------------------------------------- */

static size_t plain_headers(const struct client *client, char *out)
{
    (void)client;
    return sprintf(out, "Origin: http://localhost:%d\r\n", crowd.options.port);
}

static size_t plain_post(struct client *client, const char *text, struct mark mark, char *out)
{
    (void)client;
    (void)mark;
    memcpy(out, text, crowd.options.size);
    return crowd.options.size;
}

const struct dialect plain = {
    .name = "plain", .echoes = true, .headers = plain_headers, .greet = client_ready,
    .take = client_got, .post = plain_post,
};

/* --- IRC ---------------------------------------------------------------------------------------- */

static void irc_greet(struct client *client)
{
    char lines[128];
    client_say(client, lines, sprintf(lines, "NICK u%d\r\nUSER u%d 0 * :u%d\r\n",
                                      client->number, client->number, client->number));
}

static void irc_take(struct client *client, const char *line, size_t size, uint64_t now)
{
    char answer[512];
    if (begins(line, size, "PING ")) {
        int length = sprintf(answer, "PONG %.*s\n", (int)(size < 400 ? size : 400) - 5, line + 5);
        client_say(client, answer, length);
    } else if (client->stage == READY) {
        client_got(client, line, size, now);
    } else if (value_of(line, size, " 001 ")) {
        client_say(client, answer, sprintf(answer, "JOIN #r%d\r\n",
                                           client->number % crowd.options.rooms));
    } else if (value_of(line, size, " 366 ")) {
        client_ready(client);
    }
}

static size_t irc_post(struct client *client, const char *text, struct mark mark, char *out)
{
    (void)mark;
    return sprintf(out, "PRIVMSG #r%d :%.*s\r\n", client->number % crowd.options.rooms,
                   (int)crowd.options.size, text);
}

const struct dialect irc = {
    .name = "irc", .is_lines = true, .greet = irc_greet, .take = irc_take, .post = irc_post,
};
