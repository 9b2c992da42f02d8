// Reports that came to a mailbox: libcurl logs in, asks and fetches. Nothing is deleted; what is no report is not even
// looked at.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/arena.h"

struct imap;

struct imap_settings {
    const char *url;           // imaps://host:port/MAILBOX, or imap:// with STARTTLS: never without TLS
    const char *user;          //
    const char *password_file; //
    const char *ca_file;       // "" for the system's
};

enum { IMAP_PROBLEM_BYTES = 300 };

// NULL with the reason in `problem`.
struct imap *imap_open(const struct imap_settings *settings, char problem[IMAP_PROBLEM_BYTES]);
void imap_close(struct imap **imap);

// What numbers are good for: with another validity they begin anew (RFC 3501, 2.3.1.1).
bool imap_read_validity(struct imap *imap, uint32_t *ret_validity, char problem[IMAP_PROBLEM_BYTES]);
// Numbers of reports (multipart/report) behind `after`, growing; *ret_numbers lives in the arena.
bool imap_list_reports(struct imap *imap, struct arena *arena, uint32_t after, uint32_t **ret_numbers,
                       size_t *ret_count, char problem[IMAP_PROBLEM_BYTES]);
// The message, or its first MiB; it lives until the next call. False also when it is gone.
bool imap_fetch(struct imap *imap, uint32_t validity, uint32_t number, const char **ret_text, size_t *ret_size,
                char problem[IMAP_PROBLEM_BYTES]);
