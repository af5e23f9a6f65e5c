#include "spent.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* The time on the processor of one thread, to the nanosecond. */
static double thread_cpu(int process, const char *thread)
{
    char path[64];
    unsigned long long ns = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", process, thread);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%llu", &ns) != 1)
        ns = 0;
    fclose(file);
    return ns / 1e9;
}

static double threads_cpu(int process)
{
    char path[64];
    double sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *folder = opendir(path);
    if (!folder)
        return 0;
    for (struct dirent *thread; (thread = readdir(folder));)
        if (thread->d_name[0] != '.')
            sum += thread_cpu(process, thread->d_name);
    closedir(folder);
    return sum;
}

static void read_stat(int process, struct spent *spent)
{
    char path[64], text[1024];
    unsigned long user, system;
    long pages;
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    FILE *file = fopen(path, "r");
    if (!file)
        return;
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = 0;
    const char *after_name = strrchr(text, ')');
    const char *form = ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu"
                       " %*d %*d %*d %*d %*d %*d %*u %*u %ld";
    if (!after_name || sscanf(after_name, form, &user, &system, &pages) != 3)
        return;
    spent->user = (double)user / sysconf(_SC_CLK_TCK);
    spent->system = (double)system / sysconf(_SC_CLK_TCK);
    spent->memory = pages * (sysconf(_SC_PAGESIZE) / 1024);
}

struct spent spent_by(int process)
{
    struct spent spent = {0};
    if (process) {
        spent.cpu = threads_cpu(process);
        read_stat(process, &spent);
    }
    return spent;
}

static double seconds(struct timeval time)
{
    return time.tv_sec + time.tv_usec / 1e6;
}

double own_cpu(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}
