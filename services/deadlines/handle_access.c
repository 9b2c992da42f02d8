// Letters with access to accounts that were issued (S2.13): who has got one, sending them, sending again.
#include "access_code.h"
#include "deadlines_rpc.h"
#include "store_access.h"
#include "vekha/base/time.h"
#include "vekha/crypto/password.h"

enum { ACCESS_DAYS = 14 };

static const struct message NO_CABINET = {
    "no_cabinet_address", "В настройках не указан адрес кабинета (cabinet_address): ссылке в письме вести некуда.",
    "The settings name no address of the cabinet (cabinet_address): the link in the letter would lead nowhere."};

enum status
handle_list_access_letters(struct call *call, const Deadlines__ListAccessLettersRequest *request,
                           Deadlines__ListAccessLettersReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_access_letters(call, request, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__access_letter__descriptor, &reply->n_letters, &reply->letters);
    if (status == STATUS_OK)
        status = store_count_access_letters(call, request, &reply->total);
    if (status == STATUS_OK)
        status = store_sum_access_letters(call, &rows);
    if (status == STATUS_OK)
        fill_message(&reply->base, &rows, 0, call->arena);
    return status;
}

// From now on the code of this letter is the account's one-time password, whatever was printed before.
static enum status
tell_mailed(struct call *call, const struct db_rows *rows, int row, const char *expires_at)
{
    char code[ACCESS_CODE_CHARS + 1];
    char *hash = arena_take(call->arena, PASSWORD_HASH_CHARS);
    if (!hash)
        return STATUS_TOO_LARGE;
    access_code_of(db_text_at(rows, row, 0), code);
    enum status status = password_hash_random_code(code, hash);
    if (status != STATUS_OK)
        return status;
    Events__AccessMailed event = EVENTS__ACCESS_MAILED__INIT;
    event.account_id = db_text_at(rows, row, 1);
    event.password_hash = hash;
    event.expires_at = expires_at;
    event.client_address = call->client_address ? call->client_address : "";
    return emit(call, &event.base);
}

enum status
handle_send_access_letters(struct call *call, const Deadlines__SendAccessLettersRequest *request,
                           Deadlines__SendAccessLettersReply *reply)
{
    struct db_rows rows;
    char *expires_at = arena_take(call->arena, 25);
    const char *account_ids =
        db_text_array(call->arena, (char *const *)(uintptr_t)request->account_ids, request->n_account_ids);
    if (!*config_text(call->config, "cabinet_address"))
        return fail(call, STATUS_CONFLICT, &NO_CABINET);
    if (!expires_at || !account_ids)
        return STATUS_TOO_LARGE;
    time_format_utc(call->now_ms + (int64_t)ACCESS_DAYS * 24 * 3600 * 1000, expires_at);
    const char *until_on = rules_russian_day(call->arena, arena_format(call->arena, "%.10s", expires_at));
    enum status status =
        store_write_access_letters(call, request->n_account_ids > 0 ? account_ids : NULL, until_on, &rows);
    if (status != STATUS_OK)
        return status;
    reply->letters = (uint32_t)rows.count;
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status = tell_mailed(call, &rows, row, expires_at);
    if (status == STATUS_OK)
        status = store_sum_access_letters(call, &rows);
    if (status == STATUS_OK)
        fill_message(&reply->base, &rows, 0, call->arena);
    return status;
}
