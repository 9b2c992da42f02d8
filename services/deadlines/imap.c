// IMAP by libcurl: a command for each question, on one connection.
#include "imap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vekha/base/text.h"
#include "vekha/curl/curl.h"

enum { CONNECT_TIMEOUT_MS = 3000, ANSWER_TIMEOUT_MS = 10000, ADDRESS_BYTES = 600, ANSWER_BYTES = 1024 * 1024 };

struct imap {
    const struct curl_functions *curl;
    CURL *handle;
    char url[ADDRESS_BYTES];
    const char *mailbox; // inside url
    struct buffer answer;
    char curl_problem[CURL_ERROR_SIZE];
};

// The rest of what is longer is thrown away: what counts of a message stands at its beginning.
static size_t
take(char *bytes, size_t size, size_t count, void *context)
{
    struct buffer *answer = context;
    size_t all = size * count, room = answer->limit_bytes - answer->size;
    buffer_add(answer, bytes, all < room ? all : room);
    return answer->is_starved ? 0 : all;
}

static void
set_options(struct imap *imap, const struct imap_settings *settings)
{
    imap->curl->set(imap->handle, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    imap->curl->set(imap->handle, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    curl_prepare(imap->curl, imap->handle,
                 &(struct curl_limits){settings->ca_file, CONNECT_TIMEOUT_MS, ANSWER_TIMEOUT_MS});
    imap->curl->set(imap->handle, CURLOPT_ERRORBUFFER, imap->curl_problem);
    imap->curl->set(imap->handle, CURLOPT_WRITEFUNCTION, take);
    imap->curl->set(imap->handle, CURLOPT_WRITEDATA, &imap->answer);
}

struct imap *
imap_open(const struct imap_settings *settings, char problem[IMAP_PROBLEM_BYTES])
{
    struct imap *imap = calloc(1, sizeof *imap);
    if (!imap || !(imap->curl = curl_load()) || !(imap->handle = imap->curl->make())) {
        (void)snprintf(problem, IMAP_PROBLEM_BYTES, "libcurl cannot be loaded: install libcurl4");
        imap_close(&imap);
        return NULL;
    }
    (void)snprintf(imap->url, sizeof imap->url, "%s", settings->url);
    imap->mailbox = strrchr(imap->url, '/') + 1;
    buffer_init(&imap->answer, ANSWER_BYTES);
    set_options(imap, settings);
    if (!curl_log_in(imap->curl, imap->handle, settings->user, settings->password_file)) {
        (void)snprintf(problem, IMAP_PROBLEM_BYTES, "returned_mail_password_file cannot be read");
        imap_close(&imap);
    }
    return imap;
}

void
imap_close(struct imap **imap)
{
    if (!*imap)
        return;
    if ((*imap)->handle)
        (*imap)->curl->done((*imap)->handle);
    buffer_done(&(*imap)->answer);
    free(*imap);
    *imap = NULL;
}

// command: NULL to fetch what the address names. The answer is in imap->answer.
static bool
ask(struct imap *imap, const char *address, const char *command, char *problem)
{
    buffer_reset(&imap->answer);
    *imap->curl_problem = '\0';
    imap->curl->set(imap->handle, CURLOPT_URL, address);
    imap->curl->set(imap->handle, CURLOPT_CUSTOMREQUEST, command);
    CURLcode code = imap->curl->perform(imap->handle);
    if (code != CURLE_OK)
        (void)snprintf(problem, IMAP_PROBLEM_BYTES, "%s",
                       *imap->curl_problem ? imap->curl_problem : imap->curl->explain(code));
    return code == CURLE_OK;
}

static const char *
answer_of(const struct imap *imap)
{
    return imap->answer.data ? imap->answer.data : "";
}

bool
imap_read_validity(struct imap *imap, uint32_t *ret_validity, char problem[IMAP_PROBLEM_BYTES])
{
    static const char wanted[] = "UIDVALIDITY ";
    char command[ADDRESS_BYTES];
    (void)snprintf(command, sizeof command, "STATUS %s (UIDVALIDITY)", imap->mailbox);
    if (!ask(imap, imap->url, command, problem))
        return false;
    const char *found = strstr(answer_of(imap), wanted);
    *ret_validity = found ? (uint32_t)strtoul(found + sizeof wanted - 1, NULL, 10) : 0;
    if (*ret_validity == 0)
        (void)snprintf(problem, IMAP_PROBLEM_BYTES, "the mail server says no UIDVALIDITY");
    return *ret_validity != 0;
}

static int
compare_numbers(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

bool
imap_list_reports(struct imap *imap, struct arena *arena, uint32_t after, uint32_t **ret_numbers, size_t *ret_count,
                  char problem[IMAP_PROBLEM_BYTES])
{
    static const char wanted[] = "* SEARCH";
    char command[100];
    (void)snprintf(command, sizeof command, "UID SEARCH UID %u:* HEADER Content-Type multipart/report", after + 1);
    if (!ask(imap, imap->url, command, problem))
        return false;
    const char *next = strstr(answer_of(imap), wanted);
    uint32_t *numbers = arena_take(arena, (imap->answer.size / 2 + 1) * sizeof *numbers);
    size_t count = 0;
    if (!numbers || imap->answer.size == ANSWER_BYTES) {
        (void)snprintf(problem, IMAP_PROBLEM_BYTES, "too many reports to list");
        return false;
    }
    for (next = next ? next + sizeof wanted - 1 : ""; *next == ' ';) {
        char *end;
        uint32_t number = (uint32_t)strtoul(next + 1, &end, 10);
        // "n:*" names the last message, whatever its number is.
        if (end > next + 1 && number > after)
            numbers[count++] = number;
        next = end > next + 1 ? end : "";
    }
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    *ret_numbers = numbers;
    *ret_count = count;
    return true;
}

bool
imap_fetch(struct imap *imap, uint32_t validity, uint32_t number, const char **ret_text, size_t *ret_size,
           char problem[IMAP_PROBLEM_BYTES])
{
    char address[ADDRESS_BYTES + 60];
    (void)snprintf(address, sizeof address, "%s;UIDVALIDITY=%u/;UID=%u", imap->url, validity, number);
    if (!ask(imap, address, NULL, problem))
        return false;
    *ret_text = answer_of(imap);
    *ret_size = imap->answer.size;
    return true;
}
