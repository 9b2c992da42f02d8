// Curators and their schools (S1.6): the whole list is set at once; a curator reads the own one.
#include <string.h>
#include <strings.h>

#include "accounts.h"
#include "auth_rpc.h"
#include "curators.h"

static const struct message NOT_A_CURATOR = {
    "not_a_curator", "Школы закрепляются только за кураторами: у этой учётной записи другая роль.",
    "Schools are bound to curators only: this account has another role."};
static const struct message CLOSED = {"account_closed", "Учётная запись закрыта: сначала откройте её.",
                                      "The account is closed: reopen it first."};
static const struct message UNKNOWN_CODE = {"unknown_organisation", "Действующей организации с таким кодом нет.",
                                            "There is no organisation with this code today."};
static const struct message OUTSIDE = {"outside_territory", "Организация не на территории этого куратора.",
                                       "The organisation is not in this curator's territory."};
static const struct message NOT_REPORTING = {"not_reporting", "Это не школа: такие организации данных не передают.",
                                             "This is no school: organisations of this kind send no data."};

enum status
curator_bind(struct call *call, const char *account_id, const char *const *codes, size_t count)
{
    struct db_rows rows;
    enum status status = store_bind_schools(call, account_id, codes, count, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    const char **ids = arena_take(call->arena, (size_t)rows.count * sizeof(*ids));
    if (!ids)
        return STATUS_TOO_LARGE;
    size_t gone_count = 0;
    for (int i = 0; status == STATUS_OK && i < rows.count; i++) {
        Events__CuratorBound event = EVENTS__CURATOR_BOUND__INIT;
        fill_message(&event.base, &rows, i, call->arena);
        event.account_id = account_id;
        event.at = call->now;
        ids[i] = event.organisation_id;
        gone_count += !event.bound;
        status = emit(call, &event.base);
    }
    if (status == STATUS_OK)
        status = audit_organisations(call, AUDIT_CURATOR_UNBOUND, account_id, ids, gone_count);
    if (status == STATUS_OK)
        status = audit_organisations(call, AUDIT_CURATOR_BOUND, account_id, ids + gone_count,
                                     (size_t)rows.count - gone_count);
    return status;
}

static const struct message *
refusal_of(const struct school_wish *wish)
{
    if (!*wish->path)
        return &UNKNOWN_CODE;
    if (!wish->is_in_territory)
        return &OUTSIDE;
    return role_suits_kind(VEKHA__ROLE__ROLE_RESPONDENT, wish->kind) ? NULL : &NOT_REPORTING;
}

static enum status
check_schools(struct call *call, const Auth__SetCuratorSchoolsRequest *request, const char *territory_path)
{
    struct school_wish *wishes;
    enum status status = store_look_up_schools(call, request->codes, request->n_codes, territory_path, &wishes);
    if (status != STATUS_OK)
        return status;
    for (size_t i = 0; i < request->n_codes; i++) {
        const struct message *refusal = refusal_of(&wishes[i]);
        if (!refusal)
            continue;
        const char *field = arena_format(call->arena, "codes[%zu]", i);
        if (!field)
            return STATUS_TOO_LARGE;
        status = fail_field(call, field, refusal);
    }
    return status;
}

static enum status
find_curator(struct call *call, const char *account_id, bool locked, struct curator *ret_curator)
{
    enum status status = store_find_curator(call, account_id, locked, ret_curator);
    if (status == STATUS_OK && strcmp(ret_curator->role_name, account_role_name(VEKHA__ROLE__ROLE_CURATOR)) != 0)
        return fail(call, STATUS_CONFLICT, &NOT_A_CURATOR);
    return status;
}

enum status
handle_set_curator_schools(struct call *call, const Auth__SetCuratorSchoolsRequest *request,
                           Auth__CuratorSchools *reply)
{
    struct curator curator;
    enum status status = find_curator(call, request->account_id, true, &curator);
    if (status == STATUS_OK && curator.is_closed)
        return fail(call, STATUS_CONFLICT, &CLOSED);
    if (status == STATUS_OK)
        status = check_schools(call, request, curator.territory_path);
    if (status == STATUS_OK)
        status = curator_bind(call, request->account_id, (const char *const *)request->codes, request->n_codes);
    return status == STATUS_OK ? store_list_schools(call, request->account_id, reply) : status;
}

enum status
handle_list_curator_schools(struct call *call, const Auth__ListCuratorSchoolsRequest *request,
                            Auth__CuratorSchools *reply)
{
    struct curator curator;
    bool is_own = strcasecmp(request->account_id, call->principal->account_id) == 0;
    if (call->principal->role == VEKHA__ROLE__ROLE_CURATOR && !is_own)
        return STATUS_NOT_FOUND;
    enum status status = find_curator(call, request->account_id, false, &curator);
    return status == STATUS_OK ? store_list_schools(call, request->account_id, reply) : status;
}
