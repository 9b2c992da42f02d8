// Owners, sizes, quotas of uploads, and the words of a refusal.
#include "upload_limits.h"

static const struct message WRONG_OWNER = {
    "wrong_owner",
    "Укажите что-то одно: показатель вашей организации (исполнитель), черновик сообщения (автор) или программу "
    "(администратор).",
    "Name one of these: an assignment of your organisation (respondents), a draft of a message (its author), a "
    "programme "
    "(administrators)."};
static const struct message EMPTY_FILE = {"empty_file", "Файл пуст. Выберите другой.",
                                          "The file is empty. Choose another one."};
static const struct message TOO_LARGE = {
    "document_too_large", "Файл больше %s МБ. Уменьшите его, например качество скана.",
    "The file is larger than %s MB. Make it smaller, for instance by a lower scan quality."};
static const struct message TOO_MANY_UPLOADS = {
    "too_many_uploads", "Слишком много незавершённых загрузок. Завершите или отмените их и повторите.",
    "Too many unfinished uploads. Complete or cancel them and try again."};
static const struct message QUOTA_USED = {
    "quota_used", "Место для документов вашей организации закончилось. Обратитесь к администратору.",
    "Your organisation's room for documents is used up. Ask the administrator."};

static const struct message STORAGE_FULL = {"storage_full",
                                            "В хранилище временно нет места. Повторите через несколько минут.",
                                            "The storage has no room at the moment. Try again in a few minutes."};

enum { MEGABYTE = 1024 * 1024 };

struct upload_limits
limits_of_uploads(const struct call *call)
{
    return (struct upload_limits){config_number(call->config, "organisation_quota_bytes"),
                                  config_number(call->config, "organisation_open_uploads"),
                                  config_number(call->config, "upload_lifetime_hours")};
}

enum status
check_owner(struct call *call, const struct upload_owner *owner)
{
    bool is_respondent = call->principal->role == VEKHA__ROLE__ROLE_RESPONDENT;
    bool is_form = *owner->programme_code && call->principal->role == VEKHA__ROLE__ROLE_ADMINISTRATOR;
    const char *field = is_respondent ? "assignmentId" : is_form ? "programmeCode" : "messageId";
    const char *wanted = is_respondent ? owner->assignment_id : is_form ? owner->programme_code : owner->message_id;
    int named = !!*owner->assignment_id + !!*owner->message_id + !!*owner->programme_code;
    return *wanted && named == 1 ? STATUS_OK : fail_field(call, field, &WRONG_OWNER);
}

enum status
check_size(struct call *call, const char *field, uint64_t size_bytes)
{
    int64_t max_bytes = config_number(call->config, "max_document_bytes");
    if (size_bytes == 0)
        return fail_field(call, field, &EMPTY_FILE);
    if (size_bytes > (uint64_t)max_bytes)
        return fail_with(call, STATUS_TOO_LARGE, &TOO_LARGE,
                         arena_format(call->arena, "%lld", (long long)(max_bytes / MEGABYTE)));
    return STATUS_OK;
}

enum status
answer_limit(struct call *call, int64_t open_uploads, const struct upload_limits *limits)
{
    if (open_uploads >= limits->open_uploads)
        return fail(call, STATUS_TOO_MANY, &TOO_MANY_UPLOADS);
    return fail(call, STATUS_CONFLICT, &QUOTA_USED);
}

enum status
answer_storage_full(struct call *call)
{
    return fail(call, STATUS_BUSY, &STORAGE_FULL);
}
