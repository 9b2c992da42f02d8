// Which core the broker's threads keep to.
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "cpu.h"

enum { PORTS_OF_A_BROKER = 3 };

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
cpu_keep_to(const char *choice, uint16_t port)
{
    cpu_set_t allowed, chosen;
    if (strcmp(choice, "none") == 0)
        return STATUS_OK;
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return STATUS_INVALID;
    char *end = NULL;
    long cpu = strtol(choice, &end, 10);
    if (strcmp(choice, "auto") == 0)
        cpu = nth_allowed(&allowed, port / PORTS_OF_A_BROKER % CPU_COUNT(&allowed));
    else if (end == choice || *end != '\0')
        return STATUS_INVALID;
    if (cpu < 0 || cpu >= CPU_SETSIZE || !CPU_ISSET((size_t)cpu, &allowed))
        return STATUS_INVALID;
    CPU_ZERO(&chosen);
    CPU_SET((size_t)cpu, &chosen);
    return sched_setaffinity(0, sizeof chosen, &chosen) == 0 ? STATUS_OK : STATUS_INVALID;
}
