// A conversation with an SMTP server: libcurl connects, encrypts and logs in; what is said then is said here.
#include "smtp.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "vekha/base/time.h"
#include "vekha/curl/curl.h"

enum {
    CONNECT_TIMEOUT_MS = 3000,
    ANSWER_TIMEOUT_MS = 8000,
    LINE_BYTES = 1000,
    COMMANDS_BYTES = 1000,
    CODE_READY = 354, // go on with the letter
};

struct smtp {
    const struct curl_functions *curl;
    CURL *handle;
    bool is_connected, takes_many; // takes_many: commands need not wait for each other (RFC 2920)
    char curl_problem[CURL_ERROR_SIZE];
    // What has come and was not looked at; then the line that was looked at last.
    char coming[LINE_BYTES];
    size_t coming_bytes;
    char line[LINE_BYTES];
};

// What the server says of itself while libcurl logs in.
static size_t
look_at_greeting(char *text, size_t size, size_t count, void *context)
{
    static const char wanted[] = "PIPELINING";
    struct smtp *smtp = context;
    size_t bytes = size * count;
    if (bytes >= 4 + sizeof wanted - 1 && strncasecmp(text + 4, wanted, sizeof wanted - 1) == 0)
        smtp->takes_many = true;
    return bytes;
}

static void
set_options(struct smtp *smtp, const struct smtp_settings *settings)
{
    long tls = CURLUSESSL_ALL;
    if (strcmp(settings->tls, "none") == 0)
        tls = CURLUSESSL_NONE;
    else if (strcmp(settings->tls, "opportunistic") == 0)
        tls = CURLUSESSL_TRY;
    smtp->curl->set(smtp->handle, CURLOPT_URL, settings->url);
    smtp->curl->set(smtp->handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    smtp->curl->set(smtp->handle, CURLOPT_USE_SSL, tls);
    curl_prepare(smtp->curl, smtp->handle,
                 &(struct curl_limits){settings->ca_file, CONNECT_TIMEOUT_MS, ANSWER_TIMEOUT_MS});
    smtp->curl->set(smtp->handle, CURLOPT_ERRORBUFFER, smtp->curl_problem);
    smtp->curl->set(smtp->handle, CURLOPT_CONNECT_ONLY, 1L);
    smtp->curl->set(smtp->handle, CURLOPT_FRESH_CONNECT, 1L);
    smtp->curl->set(smtp->handle, CURLOPT_HEADERFUNCTION, look_at_greeting);
    smtp->curl->set(smtp->handle, CURLOPT_HEADERDATA, smtp);
}

struct smtp *
smtp_open(const struct smtp_settings *settings, char problem[SMTP_PROBLEM_BYTES])
{
    struct smtp *smtp = calloc(1, sizeof(*smtp));
    if (!smtp || !(smtp->curl = curl_load()) || !(smtp->handle = smtp->curl->make())) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "libcurl cannot be loaded: install libcurl4");
        smtp_close(&smtp);
        return NULL;
    }
    set_options(smtp, settings);
    if (*settings->user && !curl_log_in(smtp->curl, smtp->handle, settings->user, settings->password_file)) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "smtp_password_file cannot be read");
        smtp_close(&smtp);
    }
    return smtp;
}

// --- bytes and lines

static bool
wait_for(struct smtp *smtp, short events, int64_t deadline_ms)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    smtp->curl->get(smtp->handle, CURLINFO_ACTIVESOCKET, &socket);
    int64_t rest_ms = deadline_ms - clock_monotonic_ms();
    struct pollfd waiting = {.fd = socket, .events = events};
    return socket != CURL_SOCKET_BAD && rest_ms > 0 && (poll(&waiting, 1, (int)rest_ms) > 0 || errno == EINTR);
}

static bool
say_bytes(struct smtp *smtp, const char *bytes, size_t size)
{
    int64_t deadline_ms = clock_monotonic_ms() + ANSWER_TIMEOUT_MS;
    while (size > 0) {
        size_t sent = 0;
        CURLcode code = smtp->curl->send(smtp->handle, bytes, size, &sent);
        if (code == CURLE_OK) {
            bytes += sent;
            size -= sent;
        } else if (code != CURLE_AGAIN || !wait_for(smtp, POLLOUT, deadline_ms)) {
            smtp->is_connected = false;
            return false;
        }
    }
    return true;
}

static bool
say_text(struct smtp *smtp, const char *text)
{
    return say_bytes(smtp, text, strlen(text));
}

// The next line without its end goes to smtp->line; of one that is too long, its first half and what comes last.
static bool
hear_line(struct smtp *smtp, int64_t deadline_ms)
{
    while (true) {
        char *end = memchr(smtp->coming, '\n', smtp->coming_bytes);
        if (!end && smtp->coming_bytes == sizeof smtp->coming)
            smtp->coming_bytes /= 2;
        if (end) {
            size_t used = (size_t)(end - smtp->coming) + 1;
            memcpy(smtp->line, smtp->coming, used);
            smtp->line[used - 1] = '\0';
            smtp->line[strcspn(smtp->line, "\r")] = '\0';
            smtp->coming_bytes -= used;
            memmove(smtp->coming, smtp->coming + used, smtp->coming_bytes);
            return true;
        }
        size_t came = 0;
        CURLcode code = smtp->curl->receive(smtp->handle, smtp->coming + smtp->coming_bytes,
                                            sizeof smtp->coming - smtp->coming_bytes, &came);
        smtp->coming_bytes += came;
        bool is_over = code == CURLE_OK ? came == 0 : code != CURLE_AGAIN || !wait_for(smtp, POLLIN, deadline_ms);
        if (is_over) {
            smtp->is_connected = false;
            return false;
        }
    }
}

// Three digits and nothing around them (RFC 5321, 4.2); 0: something else.
static unsigned
code_of(const char *line)
{
    enum { DIGITS = 3 };
    if (strspn(line, "0123456789") != DIGITS || strchr(" -", line[DIGITS]) == NULL)
        return 0;
    return (unsigned)strtoul(line, NULL, 10);
}

// The code of an answer whose last line is in smtp->line; 0: the connection is gone.
static unsigned
hear_answer(struct smtp *smtp)
{
    int64_t deadline_ms = clock_monotonic_ms() + ANSWER_TIMEOUT_MS;
    while (hear_line(smtp, deadline_ms)) {
        unsigned code = code_of(smtp->line);
        if (code < 200 || code > 599) {
            smtp->is_connected = false;
            return 0;
        }
        if (smtp->line[3] != '-')
            return code;
    }
    return 0;
}

// --- the conversation

void
smtp_close(struct smtp **smtp)
{
    if (*smtp && (*smtp)->is_connected && say_text(*smtp, "QUIT\r\n"))
        (void)hear_answer(*smtp);
    if (*smtp && (*smtp)->handle)
        (*smtp)->curl->done((*smtp)->handle);
    free(*smtp);
    *smtp = NULL;
}

static bool
connect_anew(struct smtp *smtp, char *problem)
{
    smtp->coming_bytes = 0;
    smtp->takes_many = false;
    smtp->curl_problem[0] = '\0';
    CURLcode code = smtp->curl->perform(smtp->handle);
    smtp->is_connected = code == CURLE_OK;
    if (!smtp->is_connected)
        snprintf(problem, SMTP_PROBLEM_BYTES, "%s",
                 *smtp->curl_problem ? smtp->curl_problem : smtp->curl->explain(code));
    return smtp->is_connected;
}

static enum smtp_result
refusal(struct smtp *smtp, unsigned code, char *problem)
{
    if (code == 0) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "the server cut the connection");
        return SMTP_TRY_LATER;
    }
    snprintf(problem, SMTP_PROBLEM_BYTES, "%.*s", SMTP_PROBLEM_BYTES - 1, smtp->line);
    return rules_is_final_refusal((long)code) ? SMTP_REFUSED : SMTP_TRY_LATER;
}

// After a refusal the server is made to forget the rest; one that was ready for the letter gets an empty one.
static void
take_back(struct smtp *smtp, bool is_ready)
{
    if (smtp->is_connected && is_ready && say_text(smtp, ".\r\n"))
        (void)hear_answer(smtp);
    if (smtp->is_connected && say_text(smtp, "RSET\r\n"))
        (void)hear_answer(smtp);
}

// *ret_code: of the first command that was not taken, else 354.
static bool
say_envelope(struct smtp *smtp, const char *from, const char *to, char *problem, enum smtp_result *ret_result)
{
    char commands[3][COMMANDS_BYTES];
    enum smtp_result result = SMTP_SENT;
    bool is_ready = false;
    snprintf(commands[0], COMMANDS_BYTES, "MAIL FROM:<%s>\r\n", from);
    snprintf(commands[1], COMMANDS_BYTES, "RCPT TO:<%s>\r\n", to);
    snprintf(commands[2], COMMANDS_BYTES, "DATA\r\n");
    bool at_once = smtp->takes_many;
    for (size_t i = 0; at_once && i < 3; i++)
        if (!say_text(smtp, commands[i]))
            return false;
    for (size_t i = 0; i < 3; i++) {
        if (!at_once && (result != SMTP_SENT || !say_text(smtp, commands[i])))
            break;
        unsigned code = hear_answer(smtp);
        is_ready = i == 2 && code == CODE_READY;
        bool is_taken = i == 2 ? is_ready : code >= 200 && code < 300;
        if (!is_taken && result == SMTP_SENT)
            result = refusal(smtp, code, problem);
        if (code == 0)
            return false;
    }
    if (result != SMTP_SENT)
        take_back(smtp, is_ready);
    *ret_result = result;
    return smtp->is_connected;
}

enum smtp_result
smtp_offer(struct smtp *smtp, const char *from, const char *to, const char *letter, char problem[SMTP_PROBLEM_BYTES])
{
    // Letters are base64 below plain headers: nothing in them begins with a dot, which would have to be doubled.
    if (*letter == '.' || strstr(letter, "\r\n.")) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "a line of the letter begins with a dot");
        return SMTP_REFUSED;
    }
    for (int attempt = 0; attempt < 2; attempt++) {
        enum smtp_result result = SMTP_SENT;
        if (!smtp->is_connected && !connect_anew(smtp, problem))
            return SMTP_UNREACHABLE;
        if (say_envelope(smtp, from, to, problem, &result) &&
            (result != SMTP_SENT || say_bytes(smtp, letter, strlen(letter))))
            return result;
    }
    snprintf(problem, SMTP_PROBLEM_BYTES, "the server cut the connection");
    return SMTP_UNREACHABLE;
}

bool
smtp_hand_over(struct smtp *smtp)
{
    return say_text(smtp, ".\r\n");
}

enum smtp_result
smtp_answer(struct smtp *smtp, char problem[SMTP_PROBLEM_BYTES])
{
    unsigned code = hear_answer(smtp);
    return code >= 200 && code < 300 ? SMTP_SENT : refusal(smtp, code, problem);
}
