// Finds libcurl's functions at run time, once.
#include "vekha/curl/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

// Written once under `once`, read only afterwards.
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct curl_functions functions;
static bool is_loaded;

static void
find_functions(void)
{
    static const struct {
        const char *name;
        size_t offset;
    } wanted[] = {
        {"curl_global_init", offsetof(struct curl_functions, start)},
        {"curl_easy_init", offsetof(struct curl_functions, make)},
        {"curl_easy_setopt", offsetof(struct curl_functions, set)},
        {"curl_easy_perform", offsetof(struct curl_functions, perform)},
        {"curl_easy_send", offsetof(struct curl_functions, send)},
        {"curl_easy_recv", offsetof(struct curl_functions, receive)},
        {"curl_easy_getinfo", offsetof(struct curl_functions, get)},
        {"curl_easy_strerror", offsetof(struct curl_functions, explain)},
        {"curl_easy_cleanup", offsetof(struct curl_functions, done)},
        {"curl_slist_append", offsetof(struct curl_functions, append)},
        {"curl_slist_free_all", offsetof(struct curl_functions, free_list)},
    };
    // Never closed: TLS libraries below it do not survive that.
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        void *function = dlsym(library, wanted[i].name);
        if (!function)
            return;
        memcpy((char *)&functions + wanted[i].offset, &function, sizeof function);
    }
    is_loaded = functions.start(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

const struct curl_functions *
curl_load(void)
{
    pthread_once(&once, find_functions);
    return is_loaded ? &functions : NULL;
}
