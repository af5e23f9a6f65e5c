/* A load generator for chat servers: see options.c for what it can do, ../README.md for why so. */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <unistd.h>

#include "client.h"
#include "posting.h"
#include "spent.h"

static const uint64_t SECOND = 1000000000;
enum { EVENTS = 1024 };

struct crowd crowd;

/* What has been used and done at one moment. */
struct reading_of {
    uint64_t at;
    struct spent server;
    double own;
    uint64_t sent, received, acks, bytes;
};

static struct reading_of read_all(void)
{
    struct reading_of all = {
        now_ns(), spent_by(crowd.options.server), own_cpu(), crowd.sent,
        crowd.tally.received, crowd.acks, crowd.bytes,
    };
    return all;
}

/* --- waiting ---------------------------------------------------------------------------------- */

static void serve_events(uint64_t wait)
{
    static struct epoll_event events[EVENTS];
    struct timespec time = {wait / SECOND, wait % SECOND};
    int count = epoll_pwait2(crowd.epoll, events, EVENTS, &time, NULL);
    for (int i = 0; i < count; i++)
        client_turn(events[i].data.ptr, events[i].events);
}

/* Once a second, those who read slowly read a byte. */
static void dribble(uint64_t now)
{
    static uint64_t next;
    if (!crowd.options.dribbling || now < next)
        return;
    next = now + SECOND;
    for (int i = 0; i < crowd.options.clients; i++)
        if (crowd.clients[i].stage == READY && crowd.clients[i].reading == A_BYTE_A_SECOND)
            client_read(&crowd.clients[i], 1);
}

static void turn(uint64_t wait)
{
    serve_events(wait);
    dribble(now_ns());
}

static void wait_until(uint64_t end)
{
    for (uint64_t now; (now = now_ns()) < end;)
        turn(end - now < SECOND / 10 ? end - now : SECOND / 10);
}

/* --- the steps -------------------------------------------------------------------------------- */

static char *next_line(FILE *file, const char *name)
{
    char line[1024];
    if (!fgets(line, sizeof line, file)) {
        fprintf(stderr, "load: %s has fewer lines than there are clients\n", name);
        exit(2);
    }
    line[strcspn(line, "\n")] = 0;
    return strdup(line);
}

static enum reading reading_of_client(int number)
{
    int from_the_end = crowd.options.clients - number;
    if (from_the_end <= crowd.options.stopped)
        return NOTHING;
    bool dribbles = from_the_end <= crowd.options.stopped + crowd.options.dribbling;
    return dribbles ? A_BYTE_A_SECOND : ALL;
}

static void make_clients(void)
{
    struct options *options = &crowd.options;
    FILE *people = options->people ? fopen(options->people, "r") : NULL;
    int senders_a_room = options->senders / options->rooms + 1;
    crowd.clients = calloc(options->clients, sizeof *crowd.clients);
    for (int i = 0; i < options->clients; i++) {
        struct client *client = &crowd.clients[i];
        client->number = i;
        client->stage = GONE;
        client->seq = -1;
        client->reading = reading_of_client(i);
        client->is_slow = client->reading != ALL;
        client->had = calloc(senders_a_room, sizeof *client->had);
        client->cookie = people ? next_line(people, options->people) : "";
        char *tab = strchr(client->cookie, '\t');
        client->room = tab ? tab + 1 : "";
        if (tab)
            *tab = 0;
    }
}

/* True if all were let in. */
static bool connect_all(void)
{
    uint64_t give_up = now_ns() + crowd.options.patience * SECOND;
    int started = 0, wanted = crowd.options.clients;
    while (crowd.ready < wanted && !crowd.failed && now_ns() < give_up) {
        while (started < wanted && started - crowd.ready < crowd.options.connecting)
            client_start(&crowd.clients[started++]);
        turn(SECOND / 10);
    }
    return crowd.ready == wanted;
}

static void post_until(uint64_t end)
{
    for (uint64_t now; (now = now_ns()) < end;) {
        uint64_t left = end - now;
        turn(posting_turn(now, left < SECOND / 20 ? left : SECOND / 20));
    }
}

static void drain(void)
{
    uint64_t end = now_ns() + crowd.options.drain * SECOND;
    bool acked = !strcmp(crowd.dialect->name, "chatelaine");
    while (now_ns() < end &&
           (crowd.tally.received < crowd.expected || (acked && crowd.acks < crowd.sent)))
        turn(SECOND / 100);
}

/* Those who did not read do so now, and come again if they were cut off.
 * Returns how many have all that the others have, in order. */
static int catch_up(void)
{
    int slow = crowd.options.stopped + crowd.options.dribbling, level = 0;
    struct client *first = &crowd.clients[crowd.options.clients - slow];
    uint64_t end = now_ns() + 20 * SECOND;
    for (int i = 0; i < slow; i++)
        client_listen(&first[i], true);
    while (level < slow && now_ns() < end) {
        turn(SECOND / 20);
        level = 0;
        for (int i = 0; i < slow; i++) {
            if (first[i].stage == GONE)
                client_start(&first[i]);
            level += first[i].stage == READY && first[i].seq == crowd.clients[0].seq;
        }
    }
    return level;
}

/* --- telling ---------------------------------------------------------------------------------- */

static void tell_connecting(struct reading_of before, struct reading_of after)
{
    double seconds = (after.at - before.at) / 1e9;
    printf("\"clients\": %d, \"ready\": %d, \"connect_seconds\": %.3f, \"connects_per_s\": %.1f, "
           "\"connect_cpu_us\": %.2f, \"connect_p50_ms\": %.3f, \"connect_p99_ms\": %.3f, "
           "\"load_busy_connecting\": %.3f, \"memory_before_kib\": %ld, \"memory_ready_kib\": %ld",
           crowd.options.clients, crowd.ready, seconds, crowd.ready / seconds,
           1e6 * (after.server.cpu - before.server.cpu) / (crowd.ready ? crowd.ready : 1),
           latency_ms(&crowd.connecting, .5), latency_ms(&crowd.connecting, .99),
           (after.own - before.own) / seconds, before.server.memory, after.server.memory);
}

static void tell_work(struct reading_of before, struct reading_of after)
{
    double seconds = (after.at - before.at) / 1e9;
    double got = after.received - before.received, posts = after.sent - before.sent;
    double each = got ? 1e6 / got : 0;
    printf(", \"seconds\": %.3f, \"posts_per_s\": %.1f, \"deliveries_per_s\": %.1f, "
           "\"acks_per_s\": %.1f, \"cpu_us\": %.4f, \"user_us\": %.4f, \"system_us\": %.4f, "
           "\"cpu_us_per_post\": %.3f, \"server_busy\": %.4f, \"load_busy\": %.4f, "
           "\"bytes_per_delivery\": %.1f",
           seconds, posts / seconds, got / seconds, (after.acks - before.acks) / seconds,
           each * (after.server.cpu - before.server.cpu),
           each * (after.server.user - before.server.user),
           each * (after.server.system - before.server.system),
           posts ? 1e6 * (after.server.cpu - before.server.cpu) / posts : 0,
           (after.server.cpu - before.server.cpu) / seconds, (after.own - before.own) / seconds,
           got ? (after.bytes - before.bytes) / got : 0);
}

static void tell_latency(const char *name, const struct latency *all)
{
    printf(", \"%sp50_ms\": %.4f, \"%sp99_ms\": %.4f, \"%sp999_ms\": %.4f, \"%smax_ms\": %.4f",
           name, latency_ms(all, .5), name, latency_ms(all, .99), name, latency_ms(all, .999),
           name, all->longest / 1e6);
}

static void tell_checks(struct reading_of end)
{
    printf(", \"posts\": %llu, \"deliveries\": %llu, \"acks\": %llu, \"missing\": %lld, "
           "\"doubled\": %llu, \"misordered\": %llu, \"log_gaps\": %llu, \"bad_frames\": %llu, "
           "\"errors\": %llu, \"closed\": %llu, \"cut_off\": %llu, \"memory_end_kib\": %ld",
           (unsigned long long)crowd.sent, (unsigned long long)crowd.tally.received,
           (unsigned long long)crowd.acks, (long long)(crowd.expected - crowd.tally.received),
           (unsigned long long)crowd.tally.doubled, (unsigned long long)crowd.tally.misordered,
           (unsigned long long)crowd.log_gaps, (unsigned long long)crowd.bad_frames,
           (unsigned long long)crowd.errors, (unsigned long long)crowd.closed,
           (unsigned long long)crowd.cut_off, end.server.memory);
}

static void work(void)
{
    wait_until(now_ns() + crowd.options.settle * SECOND);
    uint64_t begun = now_ns();
    crowd.measured_from = begun + crowd.options.warm * SECOND;
    crowd.measured_to = crowd.measured_from + crowd.options.seconds * SECOND;
    posting_begin(begun);
    post_until(crowd.measured_from);
    struct reading_of before = read_all();
    post_until(crowd.measured_to);
    struct reading_of after = read_all();
    posting_end();
    drain();
    struct reading_of end = read_all();
    tell_work(before, after);
    tell_latency("", &crowd.delivery);
    tell_latency("ack_", &crowd.ack);
    if (crowd.options.again) {
        int level = catch_up();
        printf(", \"caught_up\": %d, \"resumed\": %llu, \"reloads\": %llu", level,
               (unsigned long long)crowd.resumed, (unsigned long long)crowd.reloads);
    }
    tell_checks(end);
}

static void stay(void)
{
    wait_until(now_ns() + crowd.options.hold * SECOND);
    printf(", \"memory_end_kib\": %ld, \"closed\": %llu, \"errors\": %llu, \"bad_frames\": %llu",
           read_all().server.memory, (unsigned long long)crowd.closed,
           (unsigned long long)crowd.errors, (unsigned long long)crowd.bad_frames);
}

static const struct dialect *dialect_called(const char *name)
{
    static const struct dialect *const all[] = {&chatelaine, &plain, &irc};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i]->name, name))
            return all[i];
    fprintf(stderr, "load: nobody speaks %s\n", name);
    exit(2);
}

static void allow_many_files(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **words)
{
    crowd.options = options_read(count, words);
    crowd.dialect = dialect_called(crowd.options.speak);
    crowd.epoll = epoll_create1(0);
    signal(SIGPIPE, SIG_IGN);
    allow_many_files();
    make_clients();
    struct reading_of before = read_all();
    bool all_in = connect_all();
    printf("{");
    tell_connecting(before, read_all());
    fflush(stdout);
    if (all_in && crowd.options.hold > 0)
        stay();
    else if (all_in)
        work();
    puts("}");
    return all_in ? 0 : 1;
}
