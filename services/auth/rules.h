// Pure decisions of auth about organisations, logins and throttling: no I/O, no clock.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.pb-c.h"

enum {
    PATH_CHARS = 40,
    LOGIN_CHARS = 64,
    ADDRESS_RANGE_CHARS = 64,
    ONE_TIME_PASSWORD_CHARS = 16,
    ONE_TIME_PASSWORD_DAYS = 30,
    ACCESS_TOKEN_MS = 15 * 60 * 1000,
    SESSION_IDLE_MS = 12 * 3600 * 1000,
    SESSION_ABSOLUTE_MS = 7 * 24 * 3600 * 1000,
    REFRESH_GRACE_MS = 30 * 1000,
    KNOWN_ADDRESS_DAYS = 30,
    THROTTLE_WINDOW_MS = 3600 * 1000, // failures older than this are forgotten
};

// Ten or twelve digits with right check digits.
bool inn_is_valid(const char *inn);

// "*", or one to three parts of lower-case Latin letters and digits: "74", "74.12", "74.12.0345".
bool path_is_valid(const char *path);
// "74.12.0345" -> "74.12", "74" -> "*", "*" -> "".
void path_of_parent(const char *path, char out[PATH_CHARS + 1]);

size_t kind_count(void);
const char *kind_name(size_t index);
bool kind_is_known(const char *kind);
// Units that only group others: federation, region, municipality.
bool kind_is_territorial(const char *kind);
// Which kind may stand directly under which; parent_kind "" means no parent.
bool kind_may_stand_under(const char *kind, const char *parent_kind);
// Who reports, who checks and who oversees: whether an organisation of this kind may get an account of the role.
bool role_suits_kind(Vekha__Role role, const char *kind);
// What an account sees: a coordinator of an authority oversees its municipality (S2.46); a curator's schools lie beside
// the organisation that the curator comes from (S1.6), and only those that are bound are seen of it.
void territory_of(Vekha__Role role, const char *kind, const char *path, char out[PATH_CHARS + 1]);

// "74.12.0345", respondent, 1 -> "74-12-0345-r"; the second of the same role gets "74-12-0345-r2".
void login_of(const char *path, Vekha__Role role, unsigned ordinal, char out[LOGIN_CHARS]);

// The network that is throttled as one: 203.0.113.0/24 or 2001:db8:1:2::/64.
void address_range_of(const char *address, char out[ADDRESS_RANGE_CHARS]);

// Failures within the window, and when the last one was.
struct failures {
    unsigned count;
    int64_t last_ms;
};
struct login_failures {
    struct failures account, address, pair;
    // The account has logged in from this network lately: only its own failures there count.
    bool is_known_address;
    // The password is a random code: others may not stop its owner, and guessing it is hopeless.
    bool is_one_time;
};
// Milliseconds until the next attempt is let through; 0: now.
int64_t throttle_wait_ms(const struct login_failures *failures, int64_t now_ms);
