// A conversation with an SMTP server. libcurl is loaded at the first letter: a service that has none to send does not
// carry its memory. A letter is handed over in two steps, so that the caller can note in between what cannot be undone.
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
// Everything but the final dot: until then the server has nothing, whatever breaks. letter: the whole message with CRLF
// lines. SENT: the dot may follow; else why not is in `problem`. The connection is made at the first letter and once
// anew when it turns out to be gone.
enum smtp_result smtp_offer(struct smtp *smtp, const char *from, const char *to, const char *letter,
                            char problem[SMTP_PROBLEM_BYTES]);
// The dot: on its way when this returns true. False: the connection is gone.
bool smtp_hand_over(struct smtp *smtp);
// What the server says to it. TRY_LATER also when it was cut off before it said anything.
enum smtp_result smtp_answer(struct smtp *smtp, char problem[SMTP_PROBLEM_BYTES]);
