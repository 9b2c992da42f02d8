// The chain of audit records, read again from its beginning.
#pragma once

#include <stdint.h>

#include "vekha/db/db.h"

enum { CHAIN_HASH_BYTES = 32, CHAIN_HASH_CHARS = 65 };

enum chain_verdict {
    CHAIN_WHOLE,
    CHAIN_CHANGED,  // of this record or the hash before it
    CHAIN_MISSING,  // records before this one
    CHAIN_REPLACED, // whole in itself, but the record known from elsewhere had another hash
    CHAIN_SHORT,    // it ends before the record known from elsewhere
};

struct chain {
    int64_t number; // the last one, or where it breaks
    char head[CHAIN_HASH_CHARS];
};

// What somebody wrote down elsewhere: a chain alone proves nothing against who can write all of it anew.
struct chain_witness {
    int64_t number; // 0: none
    const char *hash;
};

// Other than OK: the database could not be read.
MUST_CHECK enum status chain_verify(struct db *db, struct chain_witness witness, struct chain *ret_chain,
                                    enum chain_verdict *ret_verdict);
// store_audit_chain.c: number, text, hash in hex of the records after a number.
MUST_CHECK enum status store_read_chain(struct db *db, int64_t after, struct db_rows *ret_rows);
