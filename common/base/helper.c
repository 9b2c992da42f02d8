// Finding and starting programs beside this one.
#include "vekha/base/helper.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
helper_find(const char *name, char out[PATH_MAX])
{
    char self[PATH_MAX];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    if (size <= 0)
        return false;
    self[size] = '\0';
    char *slash = strrchr(self, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return snprintf(out, PATH_MAX, "%s/%s", self, name) < PATH_MAX;
}

bool
helper_spawn(const posix_spawn_file_actions_t *actions, char *const *arguments, char *const *environment,
             pid_t *ret_process)
{
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    if (posix_spawnattr_init(&attributes) != 0)
        return false;
    bool is_spawned = posix_spawnattr_setsigmask(&attributes, &none) == 0 &&
                      posix_spawnattr_setsigdefault(&attributes, &all) == 0 &&
                      posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) == 0 &&
                      posix_spawn(ret_process, arguments[0], actions, &attributes, arguments, environment) == 0;
    posix_spawnattr_destroy(&attributes);
    return is_spawned;
}
