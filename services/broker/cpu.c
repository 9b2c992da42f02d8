// Which core the broker's threads keep to.
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cpu.h"

enum { PORTS_OF_A_BROKER = 3, LOOK_MS = 1000, RETRY_MS = 30000, CROWDED_WAIT_NS = 50 * 1000 * 1000 };

// The n-th of those we are allowed.
static int
nth_allowed(const cpu_set_t *allowed, int n)
{
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++)
        if (CPU_ISSET(cpu, allowed) && n-- == 0)
            return (int)cpu;
    return -1;
}

enum status
cpu_choose(const char *text, uint16_t port, struct cpu_choice *ret_choice)
{
    *ret_choice = (struct cpu_choice){.is_automatic = strcmp(text, "auto") == 0};
    if (strcmp(text, "none") == 0)
        return STATUS_OK;
    if (sched_getaffinity(0, sizeof ret_choice->allowed, &ret_choice->allowed) != 0)
        return STATUS_INVALID;
    char *end = NULL;
    long cpu = strtol(text, &end, 10);
    if (ret_choice->is_automatic)
        cpu = nth_allowed(&ret_choice->allowed, port / PORTS_OF_A_BROKER % CPU_COUNT(&ret_choice->allowed));
    else if (end == text || *end != '\0')
        return STATUS_INVALID;
    if (cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET((size_t)cpu, &ret_choice->allowed))
        return STATUS_INVALID;
    CPU_SET((size_t)cpu, &ret_choice->chosen);
    ret_choice->is_kept = true;
    return sched_setaffinity(0, sizeof ret_choice->chosen, &ret_choice->chosen) == 0 ? STATUS_OK : STATUS_INVALID;
}

bool
cpu_is_crowded(uint64_t worked_ns, uint64_t waited_ns)
{
    return waited_ns > CROWDED_WAIT_NS && waited_ns > worked_ns;
}

static void
add_times(const char *thread, uint64_t *worked_ns, uint64_t *waited_ns)
{
    char path[64];
    uint64_t worked = 0, waited = 0;
    snprintf(path, sizeof path, "/proc/self/task/%.16s/schedstat", thread);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    if (fscanf(file, "%" SCNu64 " %" SCNu64, &worked, &waited) == 2) { // NOLINT(cert-err34-c): the kernel's numbers
        *worked_ns += worked;
        *waited_ns += waited;
    }
    fclose(file);
}

// Either sums the threads' times or, with a set, moves them.
static void
visit_threads(uint64_t *worked_ns, uint64_t *waited_ns, const cpu_set_t *cpus)
{
    DIR *threads = opendir("/proc/self/task");
    for (const struct dirent *entry = threads ? readdir(threads) : NULL; entry != NULL; entry = readdir(threads)) {
        if (entry->d_name[0] == '.')
            continue;
        if (cpus == NULL)
            add_times(entry->d_name, worked_ns, waited_ns);
        else
            sched_setaffinity((pid_t)strtol(entry->d_name, NULL, 10), sizeof *cpus, cpus);
    }
    if (threads != NULL)
        closedir(threads);
}

void
cpu_review(struct cpu_choice *choice, int64_t now_ms)
{
    if (!choice->is_automatic || now_ms < choice->next_look_ms)
        return;
    choice->next_look_ms = now_ms + LOOK_MS;
    uint64_t worked_ns = 0, waited_ns = 0;
    visit_threads(&worked_ns, &waited_ns, NULL);
    bool is_crowded =
        choice->worked_ns != 0 && cpu_is_crowded(worked_ns - choice->worked_ns, waited_ns - choice->waited_ns);
    choice->worked_ns = worked_ns;
    choice->waited_ns = waited_ns;
    if (choice->is_kept && is_crowded) {
        visit_threads(NULL, NULL, &choice->allowed);
        choice->is_kept = false;
        choice->retry_ms = now_ms + RETRY_MS;
    } else if (!choice->is_kept && now_ms >= choice->retry_ms) {
        visit_threads(NULL, NULL, &choice->chosen);
        choice->is_kept = true;
    }
}
