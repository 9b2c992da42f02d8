// Owns the order under which this process dies or stops: a small mapped file, so that a test can arm a running process.
#include "vekha/base/crash_point.h"

#ifdef VEKHA_CRASH_POINTS

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// As tests/fault/crash_points.py writes it: the name last, so that nothing half written is obeyed.
struct order {
    int32_t signal;
    int32_t hits_left; // counts down in the file itself: the test sees how often the place was passed
    char point[56];
};

// Process-lifetime: NULL when nobody can give orders.
static struct order *order;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void
map_order(void)
{
    const char *path = getenv("VEKHA_CRASH_FILE");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0)
        return;
    void *mapped = mmap(NULL, sizeof *order, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    (void)close(file);
    if (mapped != MAP_FAILED)
        order = mapped;
}

static bool
is_hit(const char *name)
{
    (void)pthread_once(&once, map_order);
    return order && strncmp(order->point, name, sizeof order->point) == 0 &&
           __atomic_sub_fetch(&order->hits_left, 1, __ATOMIC_SEQ_CST) == 0;
}

void
crash_point(const char *name)
{
    if (is_hit(name))
        (void)raise(order->signal);
}

bool
failure_point(const char *name)
{
    return is_hit(name);
}

#endif
