// Works out every hash of the chain again.
#include "audit_chain.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static void
next_hash(const unsigned char before[CHAIN_HASH_BYTES], const char *text, unsigned char ret_hash[CHAIN_HASH_BYTES])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, before, CHAIN_HASH_BYTES);
    crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
    crypto_hash_sha256_final(&state, ret_hash);
}

static enum chain_verdict
check_record(const struct db_rows *rows, int row, struct chain_witness witness, unsigned char hash[CHAIN_HASH_BYTES],
             struct chain *chain)
{
    int64_t number = db_integer_at(rows, row, 0);
    bool follows = number == chain->number + 1;
    chain->number = number;
    if (!follows)
        return CHAIN_MISSING;
    next_hash(hash, db_text_at(rows, row, 1), hash);
    sodium_bin2hex(chain->head, sizeof chain->head, hash, CHAIN_HASH_BYTES);
    if (strcmp(chain->head, db_text_at(rows, row, 2)) != 0)
        return CHAIN_CHANGED;
    return number == witness.number && strcmp(chain->head, witness.hash) != 0 ? CHAIN_REPLACED : CHAIN_WHOLE;
}

enum status
chain_verify(struct db *db, struct chain_witness witness, struct chain *ret_chain, enum chain_verdict *ret_verdict)
{
    unsigned char hash[CHAIN_HASH_BYTES] = {0};
    struct db_rows rows;
    *ret_chain = (struct chain){0};
    *ret_verdict = CHAIN_WHOLE;
    do {
        enum status status = store_read_chain(db, ret_chain->number, &rows);
        if (status != STATUS_OK)
            return status;
        for (int row = 0; row < rows.count && *ret_verdict == CHAIN_WHOLE; row++)
            *ret_verdict = check_record(&rows, row, witness, hash, ret_chain);
        bool is_over = rows.count == 0;
        db_release_rows(db);
        if (is_over)
            break;
    } while (*ret_verdict == CHAIN_WHOLE);
    if (*ret_verdict == CHAIN_WHOLE && ret_chain->number < witness.number)
        *ret_verdict = CHAIN_SHORT;
    return STATUS_OK;
}
