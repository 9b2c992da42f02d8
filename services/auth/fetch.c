// A question by libcurl.
#include "fetch.h"

#include <string.h>

#include "vekha/base/text.h"
#include "vekha/curl/curl.h"

enum { CONNECT_TIMEOUT_MS = 2000 };

static bool
is_plain(const char *address)
{
    size_t size = strlen(address);
    for (size_t i = 0; i < size; i++)
        if (address[i] <= ' ' || address[i] >= 127 || address[i] == '\\' || address[i] == '"')
            return false;
    return size < FETCH_ADDRESS_MAX;
}

static bool
is_host(const char *authority, size_t size, const char *host)
{
    size_t length = strlen(host);
    return size >= length && strncmp(authority, host, length) == 0 && (size == length || authority[length] == ':');
}

bool
fetch_address_is_safe(const char *address, bool may_be_loopback)
{
    bool has_tls = strncmp(address, "https://", 8) == 0;
    if (!is_plain(address) || (!has_tls && strncmp(address, "http://", 7) != 0))
        return false;
    const char *authority = address + (has_tls ? 8 : 7);
    size_t size = strcspn(authority, "/?#");
    if (size == 0 || memchr(authority, '@', size) != NULL)
        return false;
    return has_tls || (may_be_loopback && (is_host(authority, size, "127.0.0.1") || is_host(authority, size, "[::1]") ||
                                           is_host(authority, size, "localhost")));
}

static size_t
take(char *bytes, size_t size, size_t count, void *context)
{
    struct buffer *body = context;
    buffer_add(body, bytes, size * count);
    return body->overflowed ? 0 : size * count;
}

static void
set_options(const struct curl_functions *curl, CURL *handle, const struct fetch_question *question)
{
    curl->set(handle, CURLOPT_URL, question->address);
    curl->set(handle, CURLOPT_PROTOCOLS_STR, question->may_be_loopback ? "http,https" : "https");
    curl->set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_prepare(curl, handle, &(struct curl_limits){question->ca_file, CONNECT_TIMEOUT_MS, question->timeout_ms});
    curl->set(handle, CURLOPT_WRITEFUNCTION, take);
    if (question->form)
        curl->set(handle, CURLOPT_POSTFIELDS, question->form);
    if (question->user) {
        curl->set(handle, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl->set(handle, CURLOPT_USERNAME, question->user);
        curl->set(handle, CURLOPT_PASSWORD, question->password);
    }
}

static bool
perform(const struct curl_functions *curl, CURL *handle, struct arena *arena, struct buffer *body,
        struct fetch_answer *ret_answer, const char **ret_problem)
{
    char problem[CURL_ERROR_SIZE] = "";
    curl->set(handle, CURLOPT_ERRORBUFFER, problem);
    curl->set(handle, CURLOPT_WRITEDATA, body);
    CURLcode code = curl->perform(handle);
    if (code != CURLE_OK) {
        const char *why = body->overflowed ? "the answer is too large" : problem;
        *ret_problem = arena_copy(arena, *why ? why : curl->explain(code));
        return false;
    }
    curl->get(handle, CURLINFO_RESPONSE_CODE, &ret_answer->code);
    ret_answer->body = arena_copy_bytes(arena, body->size ? body->data : "", body->size);
    ret_answer->size = body->size;
    return ret_answer->body != NULL;
}

bool
fetch(struct arena *arena, const struct fetch_question *question, struct fetch_answer *ret_answer,
      const char **ret_problem)
{
    *ret_problem = "libcurl cannot be loaded: install libcurl4";
    const struct curl_functions *curl = curl_load();
    CURL *handle = curl ? curl->make() : NULL;
    if (!handle)
        return false;
    struct curl_slist *headers = curl->append(NULL, "Accept: application/json");
    struct buffer body;
    buffer_init(&body, FETCH_MAX_BYTES);
    set_options(curl, handle, question);
    curl->set(handle, CURLOPT_HTTPHEADER, headers);
    bool is_answered = perform(curl, handle, arena, &body, ret_answer, ret_problem);
    buffer_done(&body);
    curl->free_list(headers);
    curl->done(handle);
    return is_answered;
}
