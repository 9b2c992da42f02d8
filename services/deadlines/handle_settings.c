// Which notices of an account also come as letters.
#include <string.h>

#include "deadlines_rpc.h"
#include "store.h"

static const struct message NO_SUCH_KIND = {"unknown_kind", "Таких уведомлений для вашей роли нет.",
                                            "Your role gets no notifications of this kind."};

enum { KINDS_MAX = 8, CHOICES_MAX = 20 };

// What a role gets; the coordinators' timers and the respondents' say the same.
static size_t
list_kinds(const struct call *call, const char *out[KINDS_MAX])
{
    static const enum notice_kind OF_RESPONDENTS[] = {NOTICE_DUE_SOON, NOTICE_DUE_TODAY, NOTICE_OVERDUE,
                                                      NOTICE_REJECTED, NOTICE_REMARK};
    size_t count = 0;
    if (call->principal->role == VEKHA__ROLE__ROLE_CURATOR) {
        out[count++] = rules_kind_name(NOTICE_SENT);
        out[count++] = rules_kind_name(NOTICE_REMARK);
    }
    if (call->principal->role != VEKHA__ROLE__ROLE_RESPONDENT &&
        call->principal->role != VEKHA__ROLE__ROLE_ADMINISTRATOR)
        out[count++] = rules_kind_name(NOTICE_UNANSWERED);
    if (call->principal->role == VEKHA__ROLE__ROLE_COORDINATOR)
        out[count++] = rules_kind_name(NOTICE_OVERDUE_BELOW);
    if (call->principal->role == VEKHA__ROLE__ROLE_COORDINATOR ||
        call->principal->role == VEKHA__ROLE__ROLE_ADMINISTRATOR)
        out[count++] = rules_kind_name(NOTICE_CAMPAIGN_READY);
    if (call->principal->role == VEKHA__ROLE__ROLE_RESPONDENT)
        for (size_t i = 0; i < sizeof OF_RESPONDENTS / sizeof OF_RESPONDENTS[0]; i++)
            out[count++] = rules_kind_name(OF_RESPONDENTS[i]);
    // Whatever the role: messages of those above.
    out[count++] = rules_kind_name(NOTICE_MESSAGE);
    out[count++] = rules_kind_name(NOTICE_CONSULTATION_SOON);
    return count;
}

static enum status
answer_settings(struct call *call, Deadlines__NotificationSettings *reply)
{
    const char *kinds[KINDS_MAX];
    size_t count = list_kinds(call, kinds);
    const char *literal = db_text_array(call->arena, (char *const *)kinds, count);
    struct db_rows rows;
    enum status status = literal ? store_list_mail_choices(call, literal, &rows) : STATUS_BUSY;
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &deadlines__notification_choice__descriptor, &reply->n_choices, &reply->choices);
}

enum status
handle_get_notification_settings(struct call *call, const Deadlines__GetNotificationSettingsRequest *request,
                                 Deadlines__NotificationSettings *reply)
{
    (void)request;
    return answer_settings(call, reply);
}

static bool
is_kind(const char *kind, const char *const *kinds, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    return false;
}

enum status
handle_save_notification_settings(struct call *call, const Deadlines__SaveNotificationSettingsRequest *request,
                                  Deadlines__NotificationSettings *reply)
{
    const char *kinds[KINDS_MAX];
    size_t count = list_kinds(call, kinds), wanted_count = 0, refused_count = 0;
    char *wanted[CHOICES_MAX], *refused[CHOICES_MAX];
    for (size_t i = 0; i < request->n_choices && i < CHOICES_MAX; i++) {
        const Deadlines__NotificationChoice *choice = request->choices[i];
        if (!is_kind(choice->kind, kinds, count)) {
            const char *field = arena_format(call->arena, "choices[%zu].kind", i);
            return field ? fail_field(call, field, &NO_SUCH_KIND) : STATUS_BUSY;
        }
        if (choice->by_mail)
            wanted[wanted_count++] = (char *)choice->kind;
        else
            refused[refused_count++] = (char *)choice->kind;
    }
    const char *wanted_text = db_text_array(call->arena, wanted, wanted_count);
    const char *refused_text = db_text_array(call->arena, refused, refused_count);
    if (!wanted_text || !refused_text)
        return STATUS_BUSY;
    enum status status = store_mail_choices(call, wanted_text, refused_text);
    return status == STATUS_OK ? answer_settings(call, reply) : status;
}
