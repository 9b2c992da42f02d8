// What a handle is given before it is used. A password goes from its file to libcurl and is forgotten.
#include <stdio.h>
#include <string.h>

#include "vekha/curl/curl.h"

enum { PASSWORD_BYTES = 256 };

void
curl_prepare(const struct curl_functions *curl, CURL *handle, const struct curl_limits *limits)
{
    curl->set(handle, CURLOPT_NOSIGNAL, 1L);
    curl->set(handle, CURLOPT_NOPROXY, "*");
    curl->set(handle, CURLOPT_CONNECTTIMEOUT_MS, (long)limits->connect_timeout_ms);
    curl->set(handle, CURLOPT_TIMEOUT_MS, (long)limits->timeout_ms);
    if (*limits->ca_file)
        curl->set(handle, CURLOPT_CAINFO, limits->ca_file);
}

bool
curl_log_in(const struct curl_functions *curl, CURL *handle, const char *user, const char *password_file)
{
    char password[PASSWORD_BYTES] = "";
    FILE *file = *password_file ? fopen(password_file, "re") : NULL;
    bool is_read = file && fgets(password, sizeof password, file);
    if (file)
        (void)fclose(file);
    password[strcspn(password, "\r\n")] = '\0';
    bool is_set = is_read && curl->set(handle, CURLOPT_USERNAME, user) == CURLE_OK &&
                  curl->set(handle, CURLOPT_PASSWORD, password) == CURLE_OK;
    explicit_bzero(password, sizeof password);
    return is_set;
}
