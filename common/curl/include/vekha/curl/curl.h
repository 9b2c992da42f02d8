// libcurl, loaded when it is needed first: a process that talks to nobody outside does not carry its memory.
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

// The functions that are used. The field names differ from the functions' because curl.h turns those into macros.
struct curl_functions {
    __typeof__(curl_global_init) *start;
    __typeof__(curl_easy_init) *make;
    __typeof__(curl_easy_setopt) *set;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(curl_easy_send) *send;
    __typeof__(curl_easy_recv) *receive;
    __typeof__(curl_easy_getinfo) *get;
    __typeof__(curl_easy_strerror) *explain;
    __typeof__(curl_easy_cleanup) *done;
    __typeof__(curl_slist_append) *append;
    __typeof__(curl_slist_free_all) *free_list;
};

// NULL when libcurl is not installed. For any thread.
const struct curl_functions *curl_load(void);

// What all our conversations have: no proxy, no signals, limits of time, and whom to trust.
struct curl_limits {
    const char *ca_file; // "" for the system's
    int connect_timeout_ms, timeout_ms;
};
void curl_prepare(const struct curl_functions *curl, CURL *handle, const struct curl_limits *limits);
// Name and password, the first line of a file. False: it cannot be read.
bool curl_log_in(const struct curl_functions *curl, CURL *handle, const char *user, const char *password_file);
