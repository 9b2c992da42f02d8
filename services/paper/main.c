// vekha-paper FORMAT PATH: makes a document of the lines on standard input (vekha/paper/paper.h). It limits its own
// memory and time: a report that is too long ends this process and not the service.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "maker.h"
#include "vekha/base/sanitizer.h"

enum { MEMORY_BYTES = 1024 * 1024 * 1024, CPU_SECONDS = 300 };

#ifdef HAS_SANITIZER
// The sanitizer's own name for it; what font libraries keep until the end is no leak of ours.
// NOLINTBEGIN(bugprone-reserved-identifier)
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "detect_leaks=0";
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

static void
limit(__rlimit_resource_t resource, rlim_t value)
{
    struct rlimit limits = {value, value};
    if (setrlimit(resource, &limits) != 0)
        fputs("vekha-paper: no limit could be set\n", stderr);
}

int
main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: vekha-paper pdf|odt PATH < LINES\n", stderr);
        return EXIT_FAILURE;
    }
#ifndef HAS_SANITIZER
    limit(RLIMIT_AS, MEMORY_BYTES);
#endif
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_CORE, 0);
    return lines_make(argv[1], argv[2]) ? EXIT_SUCCESS : EXIT_FAILURE;
}
