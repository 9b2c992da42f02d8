// Letters with access: who has got one, and writing them.
#include "store_access.h"

enum { ACCESS_PAGE = 100, WRITTEN_AT_ONCE = 500 };

// Accounts `a` that are open, with the last letter `m` to each. $1: now.
#define ACCOUNTS                                                                                                       \
    "(SELECT a.account_id, a.login, a.role, a.path, o.organisation_id, coalesce(o.short_name, '')"                     \
    "  AS organisation_name, coalesce(m.address, o.email) AS address, o.email, m.attempts, m.last_error AS problem,"   \
    "  coalesce(m.sent_at, m.failed_at) AS at, CASE WHEN a.person_name IS NOT NULL THEN 'entered'"                     \
    "   WHEN m.mail_id IS NULL AND o.email IS NULL THEN 'no_address' WHEN m.mail_id IS NULL THEN 'none'"               \
    "   WHEN m.state = 'waiting' AND m.last_error IS NOT NULL THEN 'retrying'"                                         \
    "   WHEN m.state = 'sent' AND m.unconfirmed THEN 'unconfirmed' ELSE m.state END AS state,"                         \
    "  (SELECT count(*) FROM mail n WHERE n.account_id = a.account_id) AS letters"                                     \
    "  FROM account a LEFT JOIN LATERAL organisation_on(a.organisation_id, ($1::timestamptz)::date) o ON true"         \
    "  LEFT JOIN LATERAL (SELECT * FROM mail m WHERE m.account_id = a.account_id ORDER BY m.written_at DESC,"          \
    "   m.cause DESC LIMIT 1) m ON true WHERE NOT a.closed AND a.login IS NOT NULL) l"
#define WANTED                                                                                                         \
    ACCOUNTS " WHERE ($2::text IS NULL OR l.state = $2) AND ($3::text IS NULL OR strpos(l.login, $3) > 0"              \
             " OR strpos(lower(l.organisation_name), lower($3)) > 0 OR strpos(lower(l.address), lower($3)) > 0)"
#define WANTED_PARAMS(request) db_text(call->now), db_text((request)->state), db_text((request)->query)

enum status
store_list_access_letters(struct call *call, const Deadlines__ListAccessLettersRequest *request,
                          struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT l.account_id, l.login, l.role, l.organisation_name, l.address, l.state, l.problem,"
                    " vekha_time(l.at) AS at FROM " WANTED " AND ($4::text IS NULL OR l.login > $4)"
                    " ORDER BY l.login LIMIT $5::integer",
                    DB_PARAMS(WANTED_PARAMS(request), db_text(request->after_login),
                              db_integer(request->limit ? request->limit : ACCESS_PAGE)));
}

enum status
store_count_access_letters(struct call *call, const Deadlines__ListAccessLettersRequest *request, uint32_t *ret_total)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "SELECT count(*) FROM " WANTED, DB_PARAMS(WANTED_PARAMS(request)));
    *ret_total = status == STATUS_OK ? (uint32_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_sum_access_letters(struct call *call, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT count(*) FILTER (WHERE l.state = 'none') AS without_letter,"
                    " count(*) FILTER (WHERE l.state = 'no_address') AS without_address,"
                    " count(*) FILTER (WHERE l.state IN ('waiting', 'retrying', 'sending')) AS coming,"
                    " count(*) FILTER (WHERE l.state IN ('sent', 'unconfirmed')) AS sent,"
                    " count(*) FILTER (WHERE l.state = 'failed') AS failed,"
                    " count(*) FILTER (WHERE l.state = 'entered') AS entered FROM " ACCOUNTS,
                    DB_PARAMS(db_text(call->now)));
}

enum status
store_write_access_letters(struct call *call, const char *account_ids, const char *until_on, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "INSERT INTO mail (path, cause, address, subject, body, written_at, next_at, account_id, organisation_id)"
        " SELECT l.path, 'access:' || l.account_id || ':' || to_char(l.letters, 'FM00000'), l.email,"
        " 'Доступ к системе мониторинга: логин ' || l.login,"
        " l.organisation_name || E'\\n\\nВам выдана учётная запись. Логин: ' || l.login ||"
        " E'.\\nПерейдите по ссылке, чтобы войти и задать свой пароль. Ссылка действует один раз, до ' || $3 || ':',"
        " $1::timestamptz, $1::timestamptz, l.account_id, l.organisation_id FROM " ACCOUNTS
        " WHERE l.email IS NOT NULL AND l.state NOT IN ('entered', 'waiting', 'retrying', 'sending')"
        " AND (CASE WHEN $2::uuid[] IS NULL THEN l.state = 'none' ELSE l.account_id = ANY ($2::uuid[]) END)"
        " ORDER BY l.login LIMIT $4::integer ON CONFLICT (address, cause) DO NOTHING RETURNING mail_id, account_id",
        DB_PARAMS(db_text(call->now), db_text(account_ids), db_text(until_on), db_integer(WRITTEN_AT_ONCE)));
}
