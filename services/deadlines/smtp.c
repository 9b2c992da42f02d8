// A conversation with an SMTP server by libcurl, one connection for several letters.
#include "smtp.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "vekha/curl/curl.h"

enum { CONNECT_TIMEOUT_MS = 3000, LETTER_TIMEOUT_MS = 8000, PASSWORD_BYTES = 256 };

struct smtp {
    const struct curl_functions *curl;
    CURL *handle;
    char curl_problem[CURL_ERROR_SIZE];
};

struct reading {
    const char *rest;
    size_t size;
};

static size_t
give_letter(char *out, size_t size, size_t count, void *context)
{
    struct reading *reading = context;
    size_t bytes = size * count < reading->size ? size * count : reading->size;
    memcpy(out, reading->rest, bytes);
    reading->rest += bytes;
    reading->size -= bytes;
    return bytes;
}

static bool
set_login(struct smtp *smtp, const struct smtp_settings *settings)
{
    if (!*settings->user)
        return true;
    char password[PASSWORD_BYTES] = "";
    FILE *file = *settings->password_file ? fopen(settings->password_file, "re") : NULL;
    bool is_read = file && fgets(password, sizeof password, file);
    if (file)
        fclose(file);
    password[strcspn(password, "\r\n")] = '\0';
    if (is_read) {
        smtp->curl->set(smtp->handle, CURLOPT_USERNAME, settings->user);
        smtp->curl->set(smtp->handle, CURLOPT_PASSWORD, password);
    }
    explicit_bzero(password, sizeof password);
    return is_read;
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
    if (*settings->ca_file)
        smtp->curl->set(smtp->handle, CURLOPT_CAINFO, settings->ca_file);
    smtp->curl->set(smtp->handle, CURLOPT_NOSIGNAL, 1L);
    smtp->curl->set(smtp->handle, CURLOPT_NOPROXY, "*");
    smtp->curl->set(smtp->handle, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_TIMEOUT_MS);
    smtp->curl->set(smtp->handle, CURLOPT_TIMEOUT_MS, (long)LETTER_TIMEOUT_MS);
    smtp->curl->set(smtp->handle, CURLOPT_ERRORBUFFER, smtp->curl_problem);
    smtp->curl->set(smtp->handle, CURLOPT_UPLOAD, 1L);
    smtp->curl->set(smtp->handle, CURLOPT_READFUNCTION, give_letter);
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
    if (!set_login(smtp, settings)) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "smtp_password_file cannot be read");
        smtp_close(&smtp);
    }
    return smtp;
}

void
smtp_close(struct smtp **smtp)
{
    if (*smtp && (*smtp)->handle)
        (*smtp)->curl->done((*smtp)->handle);
    free(*smtp);
    *smtp = NULL;
}

static enum smtp_result
result_of(struct smtp *smtp, CURLcode code)
{
    long smtp_code = 0;
    smtp->curl->get(smtp->handle, CURLINFO_RESPONSE_CODE, &smtp_code);
    switch (code) {
    case CURLE_OK:
        return SMTP_SENT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_LOGIN_DENIED:
    case CURLE_USE_SSL_FAILED:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
        return SMTP_UNREACHABLE;
    default:
        return rules_is_final_refusal(smtp_code) ? SMTP_REFUSED : SMTP_TRY_LATER;
    }
}

enum smtp_result
smtp_send(struct smtp *smtp, const char *from, const char *to, const char *letter, char problem[SMTP_PROBLEM_BYTES])
{
    struct reading reading = {letter, strlen(letter)};
    struct curl_slist *recipients = smtp->curl->append(NULL, to);
    if (!recipients) {
        snprintf(problem, SMTP_PROBLEM_BYTES, "out of memory");
        return SMTP_TRY_LATER;
    }
    smtp->curl->set(smtp->handle, CURLOPT_MAIL_FROM, from);
    smtp->curl->set(smtp->handle, CURLOPT_MAIL_RCPT, recipients);
    smtp->curl->set(smtp->handle, CURLOPT_READDATA, &reading);
    smtp->curl_problem[0] = '\0';
    CURLcode code = smtp->curl->perform(smtp->handle);
    enum smtp_result result = result_of(smtp, code);
    if (result != SMTP_SENT)
        snprintf(problem, SMTP_PROBLEM_BYTES, "%s",
                 *smtp->curl_problem ? smtp->curl_problem : smtp->curl->explain(code));
    smtp->curl->set(smtp->handle, CURLOPT_MAIL_RCPT, NULL);
    smtp->curl->free_list(recipients);
    return result;
}
