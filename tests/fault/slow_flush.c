// Preloaded into a test's PostgreSQL: flushes that take long or fail, as the file VEKHA_FLUSH_FILE orders.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

// As tests/fault/faults.py writes it.
struct order {
    int32_t delay_ms; // of every second flush, at random; 0: none
    int32_t fails;    // not 0: flushes fail with EIO
};

typedef int flush_function(int file);

static const volatile struct order *
find_order(void)
{
    static const struct order none;
    static const volatile struct order *order;
    if (order)
        return order;
    const char *path = getenv("VEKHA_FLUSH_FILE");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *mapped = file < 0 ? MAP_FAILED : mmap(NULL, sizeof *order, PROT_READ, MAP_SHARED, file, 0);
    if (file >= 0)
        (void)close(file);
    order = mapped == MAP_FAILED ? &none : mapped;
    return order;
}

static int
flush(const char *name, int file)
{
    const volatile struct order *order = find_order();
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (order->fails) {
        errno = EIO;
        return -1;
    }
    if (order->delay_ms > 0 && now.tv_nsec / 1000 % 2 == 0) {
        struct timespec pause = {0, order->delay_ms * 1000000L};
        (void)nanosleep(&pause, NULL);
    }
    union {
        void *found;
        flush_function *call;
    } real = {.found = dlsym(RTLD_NEXT, name)};
    return real.call ? real.call(file) : -1;
}

int
fsync(int file)
{
    return flush("fsync", file);
}

int
fdatasync(int file)
{
    return flush("fdatasync", file);
}
