// SQL of reading the chain.
#include "audit_chain.h"

enum status
store_read_chain(struct db *db, int64_t after, struct db_rows *ret_rows)
{
    static const char sql[] = "SELECT number, audit_text(r), encode(hash, 'hex') FROM audit_record r"
                              " WHERE number > $1::bigint ORDER BY number LIMIT 1000";
    return db_query(db, ret_rows, sql, DB_PARAMS(db_integer(after)));
}
