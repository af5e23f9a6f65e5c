/* What the command line says; `load --help` explains it. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct options {
    int port;
    int server;             /* process id: whose CPU and memory are read; 0: nobody's */
    const char *speak;      /* chatelaine, plain or irc */
    const char *path;
    const char *people;     /* file: a line for each client, cookie and room with a tab between */
    int clients;
    int connecting;         /* at a time */
    double patience;        /* seconds to connect in */
    int rooms, senders;
    size_t size;            /* of a text, in bytes */
    double rate;            /* posts a second, of all senders; or one of the next two */
    int window;             /* posts in flight: the next is sent once all listeners have one */
    int unacked;            /* posts in flight of each sender: the next at an acknowledgement */
    double settle, warm, seconds, drain;
    double hold;            /* seconds to stay, without a post */
    int stopped, dribbling; /* of the last clients so many read nothing, or a byte a second */
    bool only_greeted;      /* nobody subscribes to a room: who is greeted is in */
    bool again;             /* and read on after that, and resume if they were cut off */
};

struct options options_read(int count, char **words);

#endif
