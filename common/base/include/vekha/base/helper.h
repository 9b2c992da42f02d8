// Programs beside this one that do for a service what may fail: limited, ended and replaced without it.
#pragma once

#include <limits.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/types.h>

// The program `name` in the folder of the running one.
bool helper_find(const char *name, char out[PATH_MAX]);
// Starts arguments[0] with the environment given. Services block and ignore signals of their own; a helper gets them as
// they are by default, because limits end it by signals.
bool helper_spawn(const posix_spawn_file_actions_t *actions, char *const *arguments, char *const *environment,
                  pid_t *ret_process);
