// Decisions and words of messages: what a draft lacks, what addressees are told, a consultation in a calendar.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/arena.h"

bool rules_is_message_kind(const char *kind);
// Letters and orders have a number and a signatory.
bool rules_is_signed(const char *kind);
bool rules_is_consultation(const char *kind);
// region, municipality, operator, curator, authority, school
bool rules_is_level(const char *level);
// "16:30"
bool rules_is_hour(const char *text);
// A page of ours: one slash, then no other; nothing that could end an attribute or a line.
bool rules_is_own_address(const char *address);
// https:// or http:// and a host.
bool rules_is_link(const char *link);

// What is to be said of a message; strings may be empty, never NULL.
struct message_facts {
    const char *about; // sent, passed, recalled, day_before, hour_before
    const char *kind, *subject, *number, *dated_on, *author_name, *author_organisation;
    const char *starts_on, *starts_time, *zone_words;
    const char *recall_reason, *passed_by, *passed_words;
    bool asks_acknowledgement;
};
struct message_words {
    const char *title, *text;
};
// Never how to get into a consultation: these words leave the cabinet as e-mail. False without memory.
bool rules_message_words(struct arena *arena, const struct message_facts *facts, struct message_words *ret_words);

// A consultation for a calendar (RFC 5545); times in milliseconds UTC. NULL without memory.
struct calendar_facts {
    const char *message_id, *subject, *link, *cabinet_address;
    uint32_t version;
    int64_t now_ms, starts_ms;
    unsigned duration_minutes;
    bool is_cancelled;
};
const char *rules_calendar(struct arena *arena, const struct calendar_facts *facts);
