/* What a server process has used so far, from /proc; and what this one has. */
#ifndef SPENT_H
#define SPENT_H

struct spent {
    double cpu;         /* seconds: user and system, of all its threads */
    double user, system;    /* the same, to a clock tick */
    long memory;        /* KiB: resident now */
};

struct spent spent_by(int process);
double own_cpu(void);

#endif
