// Why nothing was changed, in words that say what to do next.
#pragma once

#include "rules.h"
#include "store.h"

// Looks at the assignment again after a statement that found nothing to change.
enum status refuse_save(struct call *call, const Submissions__SaveValueRequest *request, const struct answer *answer);
enum status refuse_send(struct call *call, const Submissions__SubmitRequest *request);
// The words for a refusal; `rows` is a row of store_find_situation().
enum status refuse_with(struct call *call, enum refusal refusal, const struct db_rows *rows);
// A row of store_find_situation() as the rules see it.
struct situation situation_of(const struct db_rows *rows, int row);
// An answer that cannot be read at all.
enum status refuse_answer(struct call *call, enum answer_problem problem);
enum status refuse_unknown(struct call *call);
