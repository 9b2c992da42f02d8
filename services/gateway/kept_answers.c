// A table of chains, and a list from the newest to the oldest.
#include "kept_answers.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 1024, MAX_ANSWERS = 4096 };

struct kept_answers {
    size_t max_bytes, bytes, count;
    struct kept_answer *newest, *oldest;
    struct kept_answer *buckets[BUCKETS];
};

struct kept_answers *
kept_answers_new(size_t max_bytes)
{
    struct kept_answers *answers = calloc(1, sizeof *answers);
    if (answers != NULL)
        answers->max_bytes = max_bytes;
    return answers;
}

static uint64_t
hash_of(const char *key)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *key != '\0'; key++)
        hash = (hash ^ (unsigned char)*key) * UINT64_C(1099511628211);
    return hash ^ hash >> 32;
}

static size_t
size_of(const struct kept_answer *answer)
{
    return sizeof *answer + strlen(answer->key) + 1 + strlen(answer->tag) + 1 + answer->request_size +
           answer->body_size;
}

void
kept_answer_release(struct kept_answer *answer)
{
    if (--answer->references == 0)
        free(answer);
}

static void
unlink_from_list(struct kept_answers *answers, struct kept_answer *answer)
{
    if (answer->newer != NULL)
        answer->newer->older = answer->older;
    else
        answers->newest = answer->older;
    if (answer->older != NULL)
        answer->older->newer = answer->newer;
    else
        answers->oldest = answer->newer;
}

static void
link_as_newest(struct kept_answers *answers, struct kept_answer *answer)
{
    answer->newer = NULL;
    answer->older = answers->newest;
    *(answers->newest != NULL ? &answers->newest->newer : &answers->oldest) = answer;
    answers->newest = answer;
}

void
kept_answers_drop(struct kept_answers *answers, struct kept_answer *answer)
{
    if (!answer->is_in_table)
        return;
    struct kept_answer **place = &answers->buckets[answer->hash % BUCKETS];
    while (*place != answer)
        place = &(*place)->next_of_bucket;
    *place = answer->next_of_bucket;
    unlink_from_list(answers, answer);
    answers->bytes -= size_of(answer);
    answers->count--;
    answer->is_in_table = false;
    kept_answer_release(answer);
}

static struct kept_answer *
look_up(struct kept_answers *answers, uint64_t hash, const char *key)
{
    struct kept_answer *answer = answers->buckets[hash % BUCKETS];
    while (answer != NULL && (answer->hash != hash || strcmp(answer->key, key) != 0))
        answer = answer->next_of_bucket;
    return answer;
}

struct kept_answer *
kept_answers_find(struct kept_answers *answers, const char *key)
{
    struct kept_answer *answer = look_up(answers, hash_of(key), key);
    if (answer == NULL)
        return NULL;
    unlink_from_list(answers, answer);
    link_as_newest(answers, answer);
    answer->references++;
    return answer;
}

static void *
copy_into(char **at, const void *bytes, size_t size)
{
    void *copy = memcpy(*at, bytes, size);
    *at += size;
    return copy;
}

static struct kept_answer *
copy_of(const struct kept_answer *answer)
{
    struct kept_answer *copy = malloc(size_of(answer));
    if (copy == NULL)
        return NULL;
    *copy = *answer;
    char *at = copy->memory;
    copy->key = copy_into(&at, answer->key, strlen(answer->key) + 1);
    copy->tag = copy_into(&at, answer->tag, strlen(answer->tag) + 1);
    copy->request = copy_into(&at, answer->request, answer->request_size);
    copy->body = copy_into(&at, answer->body, answer->body_size);
    copy->references = 1;
    copy->is_in_table = true;
    return copy;
}

void
kept_answers_put(struct kept_answers *answers, const struct kept_answer *answer)
{
    uint64_t hash = hash_of(answer->key);
    struct kept_answer *before = look_up(answers, hash, answer->key);
    if (before != NULL)
        kept_answers_drop(answers, before);
    size_t size = size_of(answer);
    if (answer->body_size > KEPT_BODY_MAX_BYTES || size > answers->max_bytes)
        return;
    struct kept_answer *newer;
    for (struct kept_answer *oldest = answers->oldest;
         answers->count == MAX_ANSWERS || answers->bytes + size > answers->max_bytes; oldest = newer) {
        newer = oldest->newer;
        kept_answers_drop(answers, oldest);
    }
    struct kept_answer *kept = copy_of(answer);
    if (kept == NULL)
        return;
    kept->hash = hash;
    kept->next_of_bucket = answers->buckets[hash % BUCKETS];
    answers->buckets[hash % BUCKETS] = kept;
    link_as_newest(answers, kept);
    answers->bytes += size;
    answers->count++;
}

size_t
kept_answers_bytes(const struct kept_answers *answers)
{
    return answers->bytes;
}

void
kept_answers_free(struct kept_answers **answers)
{
    struct kept_answer *next;
    for (struct kept_answer *answer = *answers == NULL ? NULL : (*answers)->oldest; answer != NULL; answer = next) {
        next = answer->newer;
        kept_answer_release(answer);
    }
    free(*answers);
    *answers = NULL;
}
