// A conversation with an SMTP server. libcurl is loaded at the first letter: a service that has none to send does not
// carry its memory.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct smtp;

struct smtp_settings {
    const char *url;           // smtp://host:port or smtps://host:port
    const char *user;          // "" without login
    const char *password_file; // "" without login
    const char *tls;           // none, opportunistic, required
    const char *ca_file;       // "" for the system's
};

enum smtp_result {
    SMTP_SENT,
    SMTP_REFUSED,    // this letter will never be taken
    SMTP_TRY_LATER,  // this letter may be taken later
    SMTP_UNREACHABLE // nothing can be sent now
};

enum { SMTP_PROBLEM_BYTES = 300 };

// NULL with the reason in `problem`.
struct smtp *smtp_open(const struct smtp_settings *settings, char problem[SMTP_PROBLEM_BYTES]);
void smtp_close(struct smtp **smtp);
// letter: the whole message with CRLF lines. Not SENT: why is in `problem`.
enum smtp_result smtp_send(struct smtp *smtp, const char *from, const char *to, const char *letter,
                           char problem[SMTP_PROBLEM_BYTES]);
