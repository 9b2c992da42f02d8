// Slices: taken, listed, verified, read, compared, fetched; and the schedules by which they take themselves (S1.25,
// S1.26).
#include <string.h>

#include "roadmaps.h"
#include "store_slices.h"

static const struct message NO_SUCH_SLICE = {"not_found",
                                             "Такого среза на вашей территории нет. Выберите срез из списка.",
                                             "There is no such slice in your territory. Choose one from the list."};
static const struct message FUTURE = {"in_the_future",
                                      "Этот день ещё не настал. Укажите сегодняшний день или прошедший.",
                                      "This day is still to come. Give today or a day that has passed."};
static const struct message TOO_MANY = {"too_many_slices", "Несколько срезов ещё готовятся. Подождите и повторите.",
                                        "Several slices are still being made. Wait and try again."};
static const struct message NOT_YET = {"not_yet", "Срез ещё готовится. Подождите и повторите.",
                                       "The slice is still being made. Wait and try again."};
static const struct message NOT_COMPARABLE = {
    "not_comparable", "Сравнить можно с более ранним срезом того же отчёта, той же территории и того же периода сбора.",
    "Compare with an earlier slice of the same report, the same territory and the same round."};

static const struct message UNKNOWN_REPORT = {"unknown_report", "Отчёт: roadmaps, provided или values.",
                                              "A report is roadmaps, provided or values."};
static const struct message ANOTHER_REPORT = {"another_report",
                                              "Этот срез — другого отчёта: его строки читаются иначе.",
                                              "This slice is of another report: its rows are read another way."};
static const char BASE_REPORT[] = "roadmaps";

static const char *
report_named(const char *report)
{
    return *report ? report : BASE_REPORT;
}

static bool
is_report(const char *report)
{
    return strcmp(report, BASE_REPORT) == 0 || strcmp(report, "provided") == 0 || strcmp(report, "values") == 0;
}

// The lists name slices without what differs.
static enum status
get_slice(struct call *call, const char *slice_id, struct db_rows *ret_rows, Reporting__Slice *reply)
{
    enum status status = store_get_slice(call, slice_id, ret_rows);
    if (status != STATUS_OK)
        return status;
    if (ret_rows->count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_SLICE);
    fill_message(&reply->base, ret_rows, 0, call->arena);
    return STATUS_OK;
}

enum status
handle_take_slice(struct call *call, const Reporting__TakeSliceRequest *request, Reporting__Slice *reply)
{
    struct report_round round;
    const char *report = report_named(request->report);
    if (!is_report(report))
        return fail_field(call, "report", &UNKNOWN_REPORT);
    enum status status = answer_round(call, request->round_id, request->as_of, &round);
    if (status != STATUS_OK)
        return status;
    if (strcmp(round.as_of, round.today) > 0)
        return fail_field(call, "asOf", &FUTURE);
    struct db_rows rows;
    const struct new_slice slice = {request->round_id, round.seen_at, round.as_of, report};
    status = store_take_slice(call, &slice, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_CONFLICT, &TOO_MANY);
    fill_message(&reply->base, &rows, 0, call->arena);
    return STATUS_OK;
}

enum status
handle_list_slices(struct call *call, const Reporting__ListSlicesRequest *request, Reporting__Slices *reply)
{
    struct db_rows rows;
    uint32_t limit = request->limit ? request->limit : SLICES_OF_A_PAGE;
    enum status status = store_list_slices(call, request, limit + 1, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__slice__descriptor, &reply->n_slices, &reply->slices);
    if (status == STATUS_OK && reply->n_slices > limit) {
        reply->n_slices = limit;
        reply->next_after_id = reply->slices[limit - 1]->slice_id;
    }
    return status;
}

enum status
handle_get_slice(struct call *call, const Reporting__GetSliceRequest *request, Reporting__Slice *reply)
{
    struct db_rows rows, differences;
    enum status status = get_slice(call, request->slice_id, &rows, reply);
    if (status == STATUS_OK)
        status = store_list_slice_differences(call, request->slice_id, &differences);
    if (status == STATUS_OK)
        status = fill_list(call, &differences, &reporting__slice_difference__descriptor, &reply->n_differences,
                           &reply->differences);
    return status;
}

enum status
handle_verify_slice(struct call *call, const Reporting__VerifySliceRequest *request, Reporting__Slice *reply)
{
    int64_t count;
    struct db_rows rows;
    enum status status = store_ask_verification(call, request->slice_id, &count);
    if (status == STATUS_OK && count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_SLICE);
    return status == STATUS_OK ? get_slice(call, request->slice_id, &rows, reply) : status;
}

static enum status
list_of_slice(struct call *call, const void *asked, const struct roadmaps_page *page, struct db_rows *ret_rows)
{
    return store_list_slice_rows(call, asked, page, ret_rows);
}

// What is compared must be of one kind: otherwise everything would seem to have moved.
static enum status
get_earlier(struct call *call, const char *slice_id, const Reporting__Slice *slice, Reporting__Slice *earlier)
{
    struct db_rows rows;
    enum status status = get_slice(call, slice_id, &rows, earlier);
    if (status != STATUS_OK)
        return status;
    bool is_comparable = strcmp(earlier->round_id, slice->round_id) == 0 &&
                         strcmp(earlier->territory, slice->territory) == 0 &&
                         strcmp(earlier->report, slice->report) == 0 && strcmp(earlier->moment, slice->moment) < 0;
    if (!is_comparable)
        return fail_field(call, "compareSliceId", &NOT_COMPARABLE);
    return strcmp(earlier->state, "made") == 0 ? STATUS_OK : fail(call, STATUS_CONFLICT, &NOT_YET);
}

// One that is made and of the base report or of another one, and the earlier one beside it ("": none).
static enum status
get_pair(struct call *call, const char *slice_id, const char *compare_slice_id, bool is_base, struct db_rows *ret_rows,
         Reporting__Slice *slice, Reporting__Slice *earlier)
{
    enum status status = get_slice(call, slice_id, ret_rows, slice);
    if (status == STATUS_OK && (strcmp(slice->report, BASE_REPORT) == 0) != is_base)
        return fail(call, STATUS_CONFLICT, &ANOTHER_REPORT);
    if (status == STATUS_OK && strcmp(slice->state, "made") != 0)
        return fail(call, STATUS_CONFLICT, &NOT_YET);
    return status == STATUS_OK && *compare_slice_id ? get_earlier(call, compare_slice_id, slice, earlier) : status;
}

enum status
handle_get_slice_table(struct call *call, const Reporting__GetSliceTableRequest *request, Reporting__SliceTable *reply)
{
    Reporting__Slice slice = REPORTING__SLICE__INIT, earlier = REPORTING__SLICE__INIT;
    struct db_rows rows;
    uint32_t limit = request->limit ? request->limit : SLICE_ENTRIES_OF_A_PAGE;
    enum status status = get_pair(call, request->slice_id, request->compare_slice_id, false, &rows, &slice, &earlier);
    if (status == STATUS_OK)
        status = store_list_slice_columns(call, slice.report, &rows);
    if (status == STATUS_OK)
        status = db_text_array_at(&rows, 0, 0, call->arena, (char ***)&reply->columns, &reply->n_columns);
    if (status == STATUS_OK)
        status = store_list_slice_entries(call, request, limit + 1, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__slice_table_row__descriptor, &reply->n_rows, &reply->rows);
    reply->report = slice.report;
    if (status == STATUS_OK && reply->n_rows > limit) {
        reply->n_rows = limit;
        reply->has_more = true;
    }
    if (status == STATUS_OK)
        answer_viewed(call, "slice");
    return status;
}

enum status
handle_get_slice_report(struct call *call, const Reporting__GetSliceReportRequest *request,
                        Reporting__RoadmapsReport *reply)
{
    Reporting__Slice slice = REPORTING__SLICE__INIT, earlier = REPORTING__SLICE__INIT;
    struct db_rows rows;
    bool compares = *request->compare_slice_id != '\0';
    enum status status = get_pair(call, request->slice_id, request->compare_slice_id, true, &rows, &slice, &earlier);
    if (status != STATUS_OK)
        return status;
    const struct roadmaps_source source = {
        .list = list_of_slice,
        .now = request->slice_id,
        .was = compares ? request->compare_slice_id : NULL,
        .after_path = request->after_path,
        .limit = request->limit,
        .only_moved = compares && request->only_moved,
    };
    status = answer_roadmaps(call, &source, reply);
    reply->as_of = slice.as_of;
    reply->compare_with = earlier.as_of;
    reply->reviewer = db_text_at(&rows, 0, SLICE_REVIEWER);
    if (status == STATUS_OK)
        answer_viewed(call, "slice");
    return status;
}

enum status
handle_download_slice(struct call *call, const Reporting__DownloadSliceRequest *request, Reporting__ExportPiece *reply)
{
    struct db_rows rows;
    uint32_t length = request->length && request->length < SLICE_PIECE_BYTES ? request->length : SLICE_PIECE_BYTES;
    enum status status = store_get_slice_piece(call, request->slice_id, request->offset, length, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0) {
        Reporting__Slice slice = REPORTING__SLICE__INIT;
        status = get_slice(call, request->slice_id, &rows, &slice);
        return status == STATUS_OK ? fail(call, STATUS_CONFLICT, &NOT_YET) : status;
    }
    size_t size;
    const uint8_t *piece = db_bytes_at(&rows, 0, SLICE_PIECE, call->arena, &size);
    long long year = db_integer_at(&rows, 0, SLICE_PIECE_YEAR), number = db_integer_at(&rows, 0, SLICE_PIECE_NUMBER);
    reply->file_name = call->english ? arena_format(call->arena, "Slice %lld-%lld.csv", year, number)
                                     : arena_format(call->arena, "Срез %lld-%lld.csv", year, number);
    if (!piece || !reply->file_name)
        return STATUS_TOO_LARGE;
    fill_message(&reply->base, &rows, 0, call->arena);
    reply->content_type = "text/csv; charset=utf-8";
    reply->data = (ProtobufCBinaryData){size, (uint8_t *)(uintptr_t)piece};
    return STATUS_OK;
}

static enum status
get_schedule(struct call *call, const char *round_id, const char *report, Reporting__SliceSchedule *reply)
{
    struct db_rows rows;
    if (!is_report(report))
        return fail_field(call, "report", &UNKNOWN_REPORT);
    enum status status = store_get_slice_schedule(call, round_id, report, &rows);
    if (status == STATUS_OK && rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_ROUND);
    if (status == STATUS_OK)
        fill_message(&reply->base, &rows, 0, call->arena);
    return status;
}

enum status
handle_get_slice_schedule(struct call *call, const Reporting__GetSliceScheduleRequest *request,
                          Reporting__SliceSchedule *reply)
{
    return get_schedule(call, request->round_id, report_named(request->report), reply);
}

static enum status
check_schedule(struct call *call, const Reporting__SetSliceScheduleRequest *request)
{
    static const struct message UNKNOWN_KIND = {"unknown_kind", "Выберите: every, monthly, days или none.",
                                                "Choose every, monthly, days or none."};
    static const struct message NO_PERIOD = {"required", "Укажите, через сколько дней делать срезы: от 1 до 366.",
                                             "Give the number of days between slices: 1 to 366."};
    static const struct message NO_DAY = {"required", "Укажите число месяца: от 1 до 31.",
                                          "Give the day of the month: 1 to 31."};
    static const struct message NO_DAYS = {"required", "Укажите хотя бы один день: ГГГГ-ММ-ДД.",
                                           "Give at least one day: YYYY-MM-DD."};
    const char *kind = request->kind;
    bool is_every = strcmp(kind, "every") == 0, is_monthly = strcmp(kind, "monthly") == 0;
    bool is_days = strcmp(kind, "days") == 0;
    if (!is_every && !is_monthly && !is_days && strcmp(kind, "none") != 0)
        return fail_field(call, "kind", &UNKNOWN_KIND);
    if (is_every && request->every_days == 0)
        return fail_field(call, "everyDays", &NO_PERIOD);
    if (is_monthly && request->day_of_month == 0)
        return fail_field(call, "dayOfMonth", &NO_DAY);
    return is_days && request->n_days == 0 ? fail_field(call, "days", &NO_DAYS) : STATUS_OK;
}

enum status
handle_set_slice_schedule(struct call *call, const Reporting__SetSliceScheduleRequest *request,
                          Reporting__SliceSchedule *reply)
{
    static const struct message STALE = {"stale", "Расписание уже изменено: сейчас версия %lld. Обновите его.",
                                         "The schedule was changed meanwhile: it is at version %lld now. Reload it."};
    enum status status = check_schedule(call, request);
    if (status == STATUS_OK)
        status = get_schedule(call, request->round_id, report_named(request->report), reply);
    if (status != STATUS_OK)
        return status;
    int64_t count = 0;
    if (reply->version == request->expected_version)
        status = store_set_slice_schedule(call, request, report_named(request->report), &count);
    if (status == STATUS_OK && count == 0)
        return fail_with(call, STATUS_STALE, &STALE, (long long)reply->version);
    if (status != STATUS_OK)
        return status;
    reporting__slice_schedule__init(reply);
    return get_schedule(call, request->round_id, report_named(request->report), reply);
}
