// Reports of mail servers on a letter of ours that was not delivered: delivery status notifications (RFC 3464), as
// Postfix, Exim and the big providers send them to the letter's sender.
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { DSN_REPORT_ID_BYTES = 200, DSN_PROBLEM_BYTES = 300, DSN_BYTES_MAX = 64 * 1024 };

struct dsn {
    char report_id[DSN_REPORT_ID_BYTES]; // the report's own Message-ID without <>; "" if it has none
    char mail_id[37];                    // from our letter's Message-ID: what stands before `domain`
    // The address will not do, or the server has given up. False: it will try again, or the letter has arrived.
    bool is_final;
    char problem[DSN_PROBLEM_BYTES]; // the server's own words, or the status code alone; UTF-8
};

// text: the whole message, or its first DSN_BYTES_MAX. domain: "@host", as letters' Message-IDs end. False: not such a
// report, or not on a letter of ours.
bool dsn_read(const char *text, size_t size, const char *domain, struct dsn *ret_dsn);
