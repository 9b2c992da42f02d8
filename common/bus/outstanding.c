// A client's questions without an answer yet, in a table of fixed size.
#include <stdlib.h>
#include <sys/random.h>

#include "outstanding.h"

enum {
    INDEX_BITS = 16,
    MAX_QUESTIONS = 1 << INDEX_BITS,
    FIRST_PAUSE_MS = 20,
    LONGEST_PAUSE_MS = 200,
    NUMBER_BITS = 46,
};
static const uint32_t NOTHING = UINT32_MAX;

bool
outstanding_init(struct outstanding *outstanding, unsigned capacity)
{
    *outstanding = (struct outstanding){.first_free = NOTHING};
    outstanding->capacity = capacity < MAX_QUESTIONS ? capacity : MAX_QUESTIONS;
    outstanding->questions = calloc(outstanding->capacity, sizeof *outstanding->questions);
    // Starting anywhere keeps answers to an earlier process from being taken for ours.
    if (getrandom(&outstanding->next_number, sizeof outstanding->next_number, 0) < 0)
        outstanding->next_number = 0;
    outstanding->next_number &= (UINT64_C(1) << NUMBER_BITS) - 1;
    return outstanding->questions != NULL;
}

void
outstanding_done(struct outstanding *outstanding)
{
    for (uint32_t i = 0; i < outstanding->used; i++)
        if (outstanding->questions[i].state != QUESTION_FREE)
            outstanding_give_back(outstanding, &outstanding->questions[i]);
    free(outstanding->questions);
    outstanding->questions = NULL;
}

struct question *
outstanding_take(struct outstanding *outstanding)
{
    uint32_t index = outstanding->first_free;
    if (index != NOTHING)
        outstanding->first_free = outstanding->questions[index].next_free;
    else if (outstanding->used < outstanding->capacity)
        index = outstanding->used++;
    else
        return NULL;
    struct question *question = &outstanding->questions[index];
    *question = (struct question){
        .id = ++outstanding->next_number << INDEX_BITS | index,
        .state = QUESTION_WAITING,
        .broker = NO_BROKER,
        .if_too_late = STATUS_BUSY,
    };
    zmq_msg_init(&question->body);
    outstanding->count++;
    return question;
}

struct question *
outstanding_find(struct outstanding *outstanding, uint64_t id)
{
    uint64_t index = id & (MAX_QUESTIONS - 1);
    if (index >= outstanding->used)
        return NULL;
    struct question *question = &outstanding->questions[index];
    return question->state != QUESTION_FREE && question->id == id ? question : NULL;
}

static void
leave_broker(struct outstanding *outstanding, const struct question *question)
{
    if (question->state == QUESTION_SENT)
        outstanding->sent_to[question->broker]--;
}

void
outstanding_give_back(struct outstanding *outstanding, struct question *question)
{
    leave_broker(outstanding, question);
    free(question->header);
    question->header = NULL;
    zmq_msg_close(&question->body);
    question->state = QUESTION_FREE;
    question->next_free = outstanding->first_free;
    outstanding->first_free = (uint32_t)(question - outstanding->questions);
    outstanding->count--;
}

void
question_sent(struct outstanding *outstanding, struct question *question, size_t broker)
{
    leave_broker(outstanding, question);
    question->state = QUESTION_SENT;
    question->broker = broker;
    outstanding->sent_to[broker]++;
}

void
question_wait(struct outstanding *outstanding, struct question *question, int64_t resend_ms, enum status if_too_late)
{
    leave_broker(outstanding, question);
    question->state = QUESTION_WAITING;
    question->resend_ms = resend_ms;
    question->if_too_late = if_too_late;
}

int64_t
question_pause_ms(const struct question *question)
{
    int64_t pause_ms = FIRST_PAUSE_MS;
    for (uint32_t i = 1; i < question->attempt && pause_ms < LONGEST_PAUSE_MS; i++)
        pause_ms *= 2;
    return pause_ms < LONGEST_PAUSE_MS ? pause_ms : LONGEST_PAUSE_MS;
}
