// vekha-audit DSN [NUMBER HASH]: reads the audit of auth's database and says whether it is what was written. With the
// last line of an earlier run, kept elsewhere, it also finds a chain that was written anew or cut off.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit_chain.h"

static int
report(enum chain_verdict verdict, const struct chain *chain, struct chain_witness witness)
{
    long long number = (long long)chain->number;
    switch (verdict) {
    case CHAIN_CHANGED:
        (void)printf("record %lld was changed\n", number);
        return 1;
    case CHAIN_MISSING:
        (void)printf("records before %lld are missing\n", number);
        return 1;
    case CHAIN_REPLACED:
        (void)printf("record %lld has another hash than it had: the chain was written anew\n", number);
        return 1;
    case CHAIN_SHORT:
        (void)printf("the chain ends at %lld and had record %lld\n", number, (long long)witness.number);
        return 1;
    case CHAIN_WHOLE:
        break;
    }
    (void)printf("%lld records, none changed\n%lld %s\n", number, number, chain->head);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc != 2 && argc != 4) {
        (void)fprintf(stderr, "usage: vekha-audit DSN [NUMBER HASH]\n");
        return 2;
    }
    struct chain_witness witness = {0};
    if (argc == 4)
        witness = (struct chain_witness){strtoll(argv[2], NULL, 10), argv[3]};
    const struct db_settings settings = {.dsn = argv[1], .name = "vekha-audit", .statement_timeout_ms = 60000};
    struct db *db = db_new(&settings);
    struct chain chain;
    enum chain_verdict verdict = CHAIN_WHOLE;
    if (db)
        db_set_scope(db, "*");
    enum status status = db ? chain_verify(db, witness, &chain, &verdict) : STATUS_BUSY;
    if (status != STATUS_OK)
        (void)fprintf(stderr, "vekha-audit: %s\n", db ? db_last_error(db) : "no memory");
    int code = status == STATUS_OK ? report(verdict, &chain, witness) : 2;
    db_free(&db);
    return code;
}
