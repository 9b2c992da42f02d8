// Organisations' codes and kinds, logins, throttling: tables and arithmetic.
#include "rules.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static unsigned
inn_check_digit(const char *inn, const unsigned char *weights, size_t count)
{
    unsigned sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i] * (unsigned)(inn[i] - '0');
    return sum % 11 % 10;
}

bool
inn_is_valid(const char *inn)
{
    // The last n weights belong to the check digit after n digits.
    static const unsigned char WEIGHTS[] = {3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8};
    size_t size = strlen(inn);
    if ((size != 10 && size != 12) || strspn(inn, "0123456789") != size)
        return false;
    if (size == 10)
        return inn_check_digit(inn, WEIGHTS + 2, 9) == (unsigned)(inn[9] - '0');
    return inn_check_digit(inn, WEIGHTS + 1, 10) == (unsigned)(inn[10] - '0') &&
           inn_check_digit(inn, WEIGHTS, 11) == (unsigned)(inn[11] - '0');
}

bool
path_is_valid(const char *path)
{
    enum { MAX_PARTS = 3, MAX_PART_CHARS = 12 };
    if (strcmp(path, "*") == 0)
        return true;
    size_t parts = 0;
    for (;;) {
        size_t size = strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789");
        if (size == 0 || size > MAX_PART_CHARS || ++parts > MAX_PARTS)
            return false;
        path += size;
        if (*path == '\0')
            return true;
        if (*path++ != '.')
            return false;
    }
}

void
path_of_parent(const char *path, char out[PATH_CHARS + 1])
{
    const char *dot = strrchr(path, '.');
    if (dot)
        snprintf(out, PATH_CHARS + 1, "%.*s", (int)(dot - path), path);
    else
        snprintf(out, PATH_CHARS + 1, "%s", strcmp(path, "*") == 0 ? "" : "*");
}

// What may stand under what, and who may get an account there.
struct kind_rule {
    const char *name;
    bool is_territorial;
    const char *parents[3];
    uint32_t roles;
};
#define ROLE_BIT(role) (1u << VEKHA__ROLE__ROLE_##role)
static const struct kind_rule KINDS[] = {
    {"federation",
     true,
     {""},
     ROLE_BIT(OPERATOR) | ROLE_BIT(COORDINATOR) | ROLE_BIT(CURATOR) | ROLE_BIT(ADMINISTRATOR)},
    {"region",
     true,
     {"federation"},
     ROLE_BIT(OPERATOR) | ROLE_BIT(COORDINATOR) | ROLE_BIT(CURATOR) | ROLE_BIT(ADMINISTRATOR)},
    {"municipality", true, {"region"}, ROLE_BIT(OPERATOR) | ROLE_BIT(COORDINATOR) | ROLE_BIT(CURATOR)},
    {"authority",
     false,
     {"municipality", "region"},
     ROLE_BIT(RESPONDENT) | ROLE_BIT(OPERATOR) | ROLE_BIT(COORDINATOR) | ROLE_BIT(CURATOR)},
    {"school", false, {"municipality", "region"}, ROLE_BIT(RESPONDENT) | ROLE_BIT(CURATOR)},
    {"superior", false, {"region", "municipality"}, ROLE_BIT(RESPONDENT) | ROLE_BIT(OPERATOR) | ROLE_BIT(CURATOR)},
    {"other", false, {"municipality", "region"}, ROLE_BIT(RESPONDENT) | ROLE_BIT(CURATOR)},
};

size_t
kind_count(void)
{
    return sizeof(KINDS) / sizeof(KINDS[0]);
}

const char *
kind_name(size_t index)
{
    return KINDS[index].name;
}

static const struct kind_rule *
find_kind(const char *kind)
{
    for (size_t i = 0; i < kind_count(); i++)
        if (strcmp(KINDS[i].name, kind) == 0)
            return &KINDS[i];
    return NULL;
}

bool
kind_is_known(const char *kind)
{
    return find_kind(kind) != NULL;
}

bool
kind_is_territorial(const char *kind)
{
    const struct kind_rule *rule = find_kind(kind);
    return rule && rule->is_territorial;
}

bool
kind_may_stand_under(const char *kind, const char *parent_kind)
{
    const struct kind_rule *rule = find_kind(kind);
    for (size_t i = 0; rule && i < sizeof(rule->parents) / sizeof(rule->parents[0]) && rule->parents[i]; i++)
        if (strcmp(rule->parents[i], parent_kind) == 0)
            return true;
    return false;
}

bool
role_suits_kind(Vekha__Role role, const char *kind)
{
    const struct kind_rule *rule = find_kind(kind);
    return rule && (unsigned)role < 32 && (rule->roles & 1u << role);
}

void
territory_of(Vekha__Role role, const char *kind, const char *path, char out[PATH_CHARS + 1])
{
    bool is_above = (role == VEKHA__ROLE__ROLE_COORDINATOR && strcmp(kind, "authority") == 0) ||
                    (role == VEKHA__ROLE__ROLE_CURATOR && !kind_is_territorial(kind));
    if (is_above)
        path_of_parent(path, out);
    else
        snprintf(out, PATH_CHARS + 1, "%s", path);
}

static char
letter_of(Vekha__Role role)
{
    switch (role) {
    case VEKHA__ROLE__ROLE_RESPONDENT:
        return 'r';
    case VEKHA__ROLE__ROLE_OPERATOR:
        return 'o';
    case VEKHA__ROLE__ROLE_COORDINATOR:
        return 'k';
    case VEKHA__ROLE__ROLE_CURATOR:
        return 'c';
    default:
        return 'a';
    }
}

void
login_of(const char *path, Vekha__Role role, unsigned ordinal, char out[LOGIN_CHARS])
{
    char name[PATH_CHARS + 1];
    snprintf(name, sizeof(name), "%s", strcmp(path, "*") == 0 ? "00" : path);
    for (char *c = name; *c; c++)
        if (*c == '.')
            *c = '-';
    if (ordinal > 1)
        snprintf(out, LOGIN_CHARS, "%s-%c%u", name, letter_of(role), ordinal);
    else
        snprintf(out, LOGIN_CHARS, "%s-%c", name, letter_of(role));
}

void
address_range_of(const char *address, char out[ADDRESS_RANGE_CHARS])
{
    static const uint8_t MAPPED_PREFIX[12] = {[10] = 0xff, [11] = 0xff};
    struct in6_addr six;
    struct in_addr four;
    char text[INET6_ADDRSTRLEN];
    bool is_four = inet_pton(AF_INET, address, &four) == 1;
    if (!is_four && inet_pton(AF_INET6, address, &six) == 1) {
        if (memcmp(six.s6_addr, MAPPED_PREFIX, sizeof(MAPPED_PREFIX)) != 0) {
            memset(six.s6_addr + 8, 0, 8);
            inet_ntop(AF_INET6, &six, text, sizeof(text));
            snprintf(out, ADDRESS_RANGE_CHARS, "%s/64", text);
            return;
        }
        memcpy(&four, six.s6_addr + 12, sizeof(four));
        is_four = true;
    }
    if (!is_four) {
        snprintf(out, ADDRESS_RANGE_CHARS, "unknown");
        return;
    }
    four.s_addr &= htonl(0xffffff00);
    inet_ntop(AF_INET, &four, text, sizeof(text));
    snprintf(out, ADDRESS_RANGE_CHARS, "%s/24", text);
}

// After the free failures one second, doubled by each further one, at most a quarter of an hour.
static int64_t
wait_ms(const struct failures *failures, unsigned free_failures, int64_t now_ms)
{
    enum { LONGEST_S = 15 * 60, DOUBLINGS = 10 };
    if (failures->count < free_failures)
        return 0;
    unsigned doublings = failures->count - free_failures;
    int64_t delay_s = doublings > DOUBLINGS ? LONGEST_S : (int64_t)1 << doublings;
    if (delay_s > LONGEST_S)
        delay_s = LONGEST_S;
    int64_t wait = failures->last_ms + delay_s * 1000 - now_ms;
    return wait > 0 ? wait : 0;
}

int64_t
throttle_wait_ms(const struct login_failures *failures, int64_t now_ms)
{
    // A network is shared by many people, so it is given more.
    enum { FREE_OF_ACCOUNT = 5, FREE_OF_ADDRESS = 20 };
    int64_t wait = wait_ms(&failures->pair, FREE_OF_ACCOUNT, now_ms);
    if (failures->is_known_address)
        return wait;
    int64_t address_wait = wait_ms(&failures->address, FREE_OF_ADDRESS, now_ms);
    if (address_wait > wait)
        wait = address_wait;
    int64_t account_wait = failures->is_one_time ? 0 : wait_ms(&failures->account, FREE_OF_ACCOUNT, now_ms);
    return account_wait > wait ? account_wait : wait;
}
