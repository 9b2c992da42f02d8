// The tree of organisations: import, list, one.
#include <string.h>

#include "auth_rpc.h"
#include "import.h"
#include "store.h"

static enum status
check_zones(struct call *call, struct import *import)
{
    size_t count;
    const char *unknown;
    const char **zones = import_zones(import, &count);
    if (!zones)
        return STATUS_TOO_LARGE;
    if (count == 0)
        return STATUS_OK;
    enum status status = store_find_unknown_zones(call, zones, count, &unknown);
    if (status == STATUS_OK)
        import_check_zones(import, unknown);
    return status;
}

static enum status
plan(struct call *call, struct import *import)
{
    struct known_version *known;
    size_t known_count, path_count;
    const char **paths = import_paths(import, &path_count);
    if (!paths)
        return STATUS_TOO_LARGE;
    enum status status = store_find_versions(call, paths, path_count, &known, &known_count);
    if (status != STATUS_OK)
        return status;
    return import_apply(import, known, known_count) ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status
write(struct call *call, const struct import *import)
{
    if (import->period_count == 0)
        return STATUS_OK;
    enum status status = store_insert_organisations(call, import->created, import->created_count);
    if (status == STATUS_OK)
        status = store_replace_versions(call, import->versions, import->version_count);
    if (status == STATUS_OK)
        status = store_emit_organisations(call, import->periods, import->period_count);
    return status;
}

static enum status
answer(struct call *call, const struct import *import, Auth__ImportOrganisationsReply *reply)
{
    reply->rows = (uint32_t)import->row_count;
    for (size_t i = 0; i < import->row_count && import->error_count == 0; i++) {
        reply->created += import->rows[i].outcome == IMPORT_CREATED;
        reply->changed += import->rows[i].outcome == IMPORT_CHANGED;
        reply->unchanged += import->rows[i].outcome == IMPORT_UNCHANGED;
    }
    reply->errors = arena_take(call->arena, (import->error_count + 1) * sizeof(*reply->errors));
    Auth__RowError *errors = arena_take(call->arena, (import->error_count + 1) * sizeof(*errors));
    if (!reply->errors || !errors)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < import->error_count; i++) {
        auth__row_error__init(&errors[i]);
        errors[i].row = import->errors[i].row;
        errors[i].column = import->errors[i].column;
        errors[i].code = import->errors[i].message->code;
        errors[i].message = say(call, import->errors[i].message);
        reply->errors[i] = &errors[i];
    }
    reply->n_errors = import->error_count;
    return STATUS_OK;
}

static enum status
audit_import(struct call *call, const Auth__ImportOrganisationsReply *reply)
{
    const char *counts =
        arena_format(call->arena, "rows=%u created=%u changed=%u", reply->rows, reply->created, reply->changed);
    return counts ? audit(call, AUDIT_ORGANISATIONS_IMPORTED, (struct audit_object){.detail = counts})
                  : STATUS_TOO_LARGE;
}

enum status
handle_import_organisations(struct call *call, const Auth__ImportOrganisationsRequest *request,
                            Auth__ImportOrganisationsReply *reply)
{
    struct import import = {.arena = call->arena, .scope = call_scope(call)};
    enum status status = store_lock_tree(call, &import.today);
    if (status != STATUS_OK)
        return status;
    if (!import_read(&import, request->csv, strlen(request->csv)))
        return STATUS_TOO_LARGE;
    status = check_zones(call, &import);
    if (status == STATUS_OK)
        status = plan(call, &import);
    reply->applied = import.error_count == 0 && !request->dry_run;
    if (status == STATUS_OK && reply->applied)
        status = write(call, &import);
    if (status == STATUS_OK)
        status = answer(call, &import, reply);
    return status == STATUS_OK && reply->applied ? audit_import(call, reply) : status;
}

enum status
handle_list_organisations(struct call *call, const Auth__ListOrganisationsRequest *request,
                          Auth__ListOrganisationsReply *reply)
{
    return store_list_organisations(call, request, reply);
}

enum status
handle_get_organisation(struct call *call, const Auth__GetOrganisationRequest *request, Auth__Organisation *reply)
{
    return store_get_organisation(call, request->organisation_id, reply);
}

enum status
handle_list_organisation_versions(struct call *call, const Auth__ListOrganisationVersionsRequest *request,
                                  Auth__ListOrganisationVersionsReply *reply)
{
    enum status status = store_list_organisation_versions(call, request->organisation_id, reply);
    if (status != STATUS_OK)
        return status;
    return audit(call, AUDIT_ORGANISATION_READ, (struct audit_object){.organisation_id = request->organisation_id});
}
