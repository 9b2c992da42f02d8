// The files of reports, column by column.
#include "export_reports.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct export_word start_groups[] = {
    {"not_started", {"", "не приступили", "not started"}},
    {"started", {"", "приступили", "started"}},
    {"other", {"", "прочие", "other"}},
    {NULL, {NULL, NULL, NULL}},
};
static const struct export_word kinds[] = {
    {"schools", {"", "школы", "schools"}},
    {"authorities", {"", "органы управления", "authorities"}},
    {"other", {"", "прочие", "other"}},
    {"superior", {"", "вышестоящие", "superior"}},
    {NULL, {NULL, NULL, NULL}},
};
static const struct export_word reasons[] = {
    {"rejected", {"", "отклонено", "rejected"}},
    {"draft_not_sent", {"", "черновик не отправлен", "draft not sent"}},
    {"never_logged_in", {"", "никогда не входил", "never logged in"}},
    {"not_begun", {"", "вошёл, не начал", "logged in, not begun"}},
    {"not_due_yet", {"", "срок ещё не наступил", "not due yet"}},
    {"in_review", {"", "на проверке", "under review"}},
    {"already_accepted", {"", "принято, нового нет", "accepted, nothing new"}},
    {NULL, {NULL, NULL, NULL}},
};
static const struct export_word plan_states[] = {
    {"not_chosen", {"", "не выбрано", "not chosen"}},
    {"chosen", {"", "выбрано, нет даты", "chosen, no date"}},
    {"activated", {"", "активировано", "activated"}},
    {"asked", {"", "запрошено", "asked"}},
    {NULL, {NULL, NULL, NULL}},
};
static const struct export_word significances[] = {
    {"high", {"", "высокая", "high"}},
    {"medium", {"", "средняя", "medium"}},
    {"low", {"", "низкая", "low"}},
    {NULL, {NULL, NULL, NULL}},
};
static const struct export_word road_states[] = {
    {"done", {"", "выполнено", "done"}},
    {"late", {"", "просрочено", "late"}},
    {"schedule_owed", {"", "ждёт графика", "schedule owed"}},
    {"at_risk", {"", "под угрозой", "at risk"}},
    {"in_work", {"", "в работе", "in work"}},
    {"not_begun", {"", "не начато", "not begun"}},
    {NULL, {NULL, NULL, NULL}},
};
static const struct export_word item_states[] = {
    {"accepted", {"", "подтверждено", "accepted"}},    {"waiting", {"", "на проверке", "under review"}},
    {"returned", {"", "на доработке", "returned"}},    {"in_work", {"", "в работе", "in work"}},
    {"not_started", {"", "не начато", "not started"}}, {NULL, {NULL, NULL, NULL}},
};
static const struct export_word outlooks[] = {
    {"late", {"", "скорее не успеет", "probably late"}},
    {"doubtful", {"", "может не успеть", "may be late"}},
    {"in_time", {"", "скорее успеет", "probably in time"}},
    {NULL, {NULL, NULL, NULL}},
};
static const struct export_word watcher_roles[] = {
    {"coordinator", {"", "координатор", "coordinator"}},
    {"curator", {"", "куратор", "curator"}},
    {NULL, {NULL, NULL, NULL}},
};

#define CONTACT_COLUMNS                                                                                                \
    {{"contact.name", "Ответственный", "Responsible"}, EXPORT_TEXT, 28, false, NULL},                                  \
        {{"contact.position", "Должность", "Position"}, EXPORT_TEXT, 24, false, NULL},                                 \
        {{"contact.phone", "Телефон", "Phone"}, EXPORT_TEXT, 18, false, NULL},                                         \
    {                                                                                                                  \
        {"contact.email", "Эл. почта", "E-mail"}, EXPORT_TEXT, 28, false, NULL                                         \
    }

static const struct export_column start_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 28, false, NULL},
    {{"short_name", "Организация", "Organisation"}, EXPORT_TEXT, 40, false, NULL},
    {{"inn", "ИНН", "INN"}, EXPORT_TEXT, 13, false, NULL},
    {{"group", "Состояние", "State"}, EXPORT_WORD, 15, false, start_groups},
    {{"first_login_at", "Первый вход", "First login"}, EXPORT_MOMENT, 17, false, NULL},
    CONTACT_COLUMNS,
};
static const struct export_column provided_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 28, false, NULL},
    {{"short_name", "Организация", "Organisation"}, EXPORT_TEXT, 40, false, NULL},
    {{"organisation_group", "Вид", "Kind"}, EXPORT_WORD, 17, false, kinds},
    {{"filled", "Заполнено", "Filled"}, EXPORT_NUMBER, 11, false, NULL},
    {{"total", "Всего", "Total"}, EXPORT_NUMBER, 9, false, NULL},
    {{"drafts", "Черновиков", "Drafts"}, EXPORT_NUMBER, 11, false, NULL},
    {{"rejected", "Отклонено", "Rejected"}, EXPORT_NUMBER, 11, false, NULL},
    {{"reason", "Почему нет данных", "Why there is nothing"}, EXPORT_WORD, 24, false, reasons},
    {{"reason_at", "С какого времени", "Since"}, EXPORT_MOMENT, 17, false, NULL},
    CONTACT_COLUMNS,
};
// S1.31, in its order.
#define ROADMAP_FIGURES                                                                                                \
    {{"section_number", "№", "No."}, EXPORT_TEXT, 6, false, NULL},                                                     \
        {{"section_title", "Направление", "Section"}, EXPORT_TEXT, 40, false, NULL},                                   \
        {{"significance", "Значимость", "Significance"}, EXPORT_WORD, 12, false, significances},                       \
        {{"figures.state", "Выбрано / активировано", "Chosen / activated"}, EXPORT_WORD, 18, true, plan_states},       \
        {{"figures.planned_on", "Плановая дата завершения", "Planned completion"}, EXPORT_DAY, 13, true, NULL},        \
        {{"figures.moves", "Переносов даты", "Date moved"}, EXPORT_NUMBER, 11, false, NULL},                           \
        {{"figures.templates_total", "Шаблонов самодиагностики", "Templates"}, EXPORT_NUMBER, 13, false, NULL},        \
        {{"figures.templates_activated", "Шаблонов активировано", "Templates activated"},                              \
         EXPORT_NUMBER,                                                                                                \
         13,                                                                                                           \
         true,                                                                                                         \
         NULL},                                                                                                        \
        {{"figures.measures_total", "Мер всего", "Measures"}, EXPORT_NUMBER, 9, true, NULL},                           \
        {{"figures.measures_started", "Мер начато", "Started"}, EXPORT_NUMBER, 9, true, NULL},                         \
        {{"figures.measures_finished", "Мер завершено", "Finished"}, EXPORT_NUMBER, 10, true, NULL},                   \
        {{"figures.placed", "Документов размещено", "Documents placed"}, EXPORT_NUMBER, 12, true, NULL},               \
        {{"figures.accepted", "Подтверждено", "Confirmed"}, EXPORT_NUMBER, 13, true, NULL},                            \
        {{"figures.returned", "На доработке", "Returned"}, EXPORT_NUMBER, 12, true, NULL},                             \
        {{"figures.waiting", "Ждут проверки", "Waiting"}, EXPORT_NUMBER, 10, true, NULL},                              \
        {{"figures.waiting_days", "Дней ждёт самый давний", "Longest wait, days"}, EXPORT_NUMBER, 12, false, NULL},    \
        {{"figures.overdue", "Просрочено", "Overdue"}, EXPORT_NUMBER, 11, true, NULL},                                 \
    {                                                                                                                  \
        {"figures.last_act_at", "Последнее действие", "Last act"}, EXPORT_MOMENT, 17, false, NULL                      \
    }
static const struct export_column roadmaps_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 26, false, NULL},
    {{"short_name", "Школа", "School"}, EXPORT_TEXT, 34, false, NULL},
    {{"curators", "Куратор", "Curator"}, EXPORT_TEXT, 26, false, NULL},
    ROADMAP_FIGURES,
};
// Slices know nobody by name.
static const struct export_column slice_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 26, false, NULL},
    {{"short_name", "Школа", "School"}, EXPORT_TEXT, 34, false, NULL},
    ROADMAP_FIGURES,
};
#define MEASURE_FIGURES                                                                                                \
    {{"figures.asked", "Школ", "Schools"}, EXPORT_NUMBER, 9, true, NULL},                                              \
        {{"figures.not_started", "Не приступили", "Not started"}, EXPORT_NUMBER, 12, true, NULL},                      \
        {{"figures.in_work", "В работе", "In work"}, EXPORT_NUMBER, 10, true, NULL},                                   \
        {{"figures.waiting", "Ждут проверки", "Waiting"}, EXPORT_NUMBER, 10, true, NULL},                              \
        {{"figures.accepted", "Подтверждено", "Confirmed"}, EXPORT_NUMBER, 13, true, NULL},                            \
        {{"figures.returned", "На доработке", "Returned"}, EXPORT_NUMBER, 12, true, NULL},                             \
        {{"figures.overdue", "Просрочено", "Overdue"}, EXPORT_NUMBER, 11, true, NULL},                                 \
    {                                                                                                                  \
        {"figures.percent", "Готово, %", "Done, %"}, EXPORT_PERCENT, 10, true, NULL                                    \
    }
// S1.32.
static const struct export_column measures_columns[] = {
    {{"section_number", "№", "No."}, EXPORT_TEXT, 6, false, NULL},
    {{"section_title", "Направление", "Section"}, EXPORT_TEXT, 40, false, NULL},
    {{"question", "Мера", "Measure"}, EXPORT_TEXT, 50, false, NULL},
    {{"stage", "Этап", "Stage"}, EXPORT_TEXT, 20, false, NULL},
    MEASURE_FIGURES,
};
static const struct export_column municipal_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 28, false, NULL},
    {{"section_code>section_title", "Направление", "Section"}, EXPORT_TEXT, 40, false, NULL},
    {{"item_code>question", "Мера", "Measure"}, EXPORT_TEXT, 50, false, NULL},
    MEASURE_FIGURES,
};
static const struct export_column road_columns[] = {
    {{"number", "№", "No."}, EXPORT_TEXT, 6, false, NULL},
    {{"title", "Мероприятие", "Measure"}, EXPORT_TEXT, 50, false, NULL},
    {{"responsible.title", "Ответственные", "Responsible"}, EXPORT_TEXT, 34, false, NULL},
    {{"due_text", "Срок по документу", "Due, in the source's words"}, EXPORT_TEXT, 30, false, NULL},
    {{"due_on", "Срок", "Due"}, EXPORT_DAY, 12, false, NULL},
    {{"state", "Состояние", "State"}, EXPORT_WORD, 15, false, road_states},
    {{"items.question", "Результат", "Result"}, EXPORT_TEXT, 50, false, NULL},
    {{"items.state", "Состояние результата", "The result's state"}, EXPORT_WORD, 16, false, item_states},
    {{"items.figures.asked", "Спрошено", "Asked"}, EXPORT_NUMBER, 10, false, NULL},
    {{"items.figures.accepted", "Подтверждено", "Confirmed"}, EXPORT_NUMBER, 13, false, NULL},
    {{"items.last_act_at", "Последнее действие", "Last act"}, EXPORT_MOMENT, 17, false, NULL},
};
static const struct export_column activity_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 28, false, NULL},
    {{"organisation_name", "Организация", "Organisation"}, EXPORT_TEXT, 40, false, NULL},
    {{"name", "Кто", "Who"}, EXPORT_TEXT, 28, false, NULL},
    {{"role", "Роль", "Role"}, EXPORT_WORD, 13, false, watcher_roles},
    {{"schools", "Школ", "Schools"}, EXPORT_NUMBER, 9, false, NULL},
    {{"last_visit_at", "Последний вход", "Last visit"}, EXPORT_MOMENT, 17, false, NULL},
    {{"visits", "Входов за период", "Visits"}, EXPORT_NUMBER, 11, false, NULL},
    {{"reminders", "Напоминаний и сообщений", "Reminders and messages"}, EXPORT_NUMBER, 14, false, NULL},
    {{"report_views", "Просмотров отчётов", "Looks at reports"}, EXPORT_NUMBER, 12, false, NULL},
    {{"waiting", "Ждут проверки", "Waiting"}, EXPORT_NUMBER, 10, false, NULL},
    {{"waiting_days", "Дней ждёт самый давний", "Longest wait, days"}, EXPORT_NUMBER, 12, false, NULL},
    {{"overdue", "Просрочено", "Overdue"}, EXPORT_NUMBER, 11, false, NULL},
    {{"answered", "Решений куратора", "Curator's verdicts"}, EXPORT_NUMBER, 11, false, NULL},
    {{"median_answer_hours", "Половина решений — за столько часов", "Half of them within hours"},
     EXPORT_NUMBER,
     14,
     false,
     NULL},
};

static const struct export_column forecast_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 28, false, NULL},
    {{"short_name", "Организация", "Organisation"}, EXPORT_TEXT, 40, false, NULL},
    {{"section_title", "Раздел", "Section"}, EXPORT_TEXT, 30, false, NULL},
    {{"question", "Что под угрозой", "What is at risk"}, EXPORT_TEXT, 40, false, NULL},
    {{"due_at", "Срок", "Due"}, EXPORT_MOMENT, 17, false, NULL},
    {{"outlook", "Прогноз", "Outlook"}, EXPORT_WORD, 18, false, outlooks},
    {{"percent", "Не успеет, %", "Chance to be late, %"}, EXPORT_NUMBER, 12, false, NULL},
    {{"reasons.text", "Почему", "Why"}, EXPORT_TEXT, 60, false, NULL},
    {{"unfinished", "Не закончено", "Unfinished"}, EXPORT_NUMBER, 12, false, NULL},
    {{"at_risk", "Из них под угрозой", "Of them at risk"}, EXPORT_NUMBER, 12, false, NULL},
    CONTACT_COLUMNS,
};

static const struct export_sheet start_sheets[] = {
    {{"rows", "Отчёт", "Report"}, NULL, NULL, false, start_columns, COUNT_OF(start_columns)}};
static const struct export_sheet provided_sheets[] = {
    {{"rows", "Отчёт", "Report"}, NULL, NULL, false, provided_columns, COUNT_OF(provided_columns)}};
static const struct export_sheet roadmaps_sheets[] = {
    {{"rows", "Отчёт", "Report"}, NULL, "totals", false, roadmaps_columns, COUNT_OF(roadmaps_columns)}};
static const struct export_sheet slice_sheets[] = {
    {{"rows", "Срез", "Slice"}, NULL, "totals", false, slice_columns, COUNT_OF(slice_columns)}};
static const struct export_sheet measures_sheets[] = {
    {{"rows", "По мерам", "By measure"}, NULL, "totals", false, measures_columns, COUNT_OF(measures_columns)},
    {{"municipalities", "По муниципалитетам", "By municipality"},
     NULL,
     NULL,
     false,
     municipal_columns,
     COUNT_OF(municipal_columns)},
};
static const struct export_sheet road_sheets[] = {
    {{"sections", "Дорожная карта", "Road map"}, "items", NULL, false, road_columns, COUNT_OF(road_columns)}};
static const struct export_sheet activity_sheets[] = {
    {{"rows", "Отчёт", "Report"}, NULL, NULL, false, activity_columns, COUNT_OF(activity_columns)}};

static const struct export_sheet forecast_sheets[] = {
    {{"rows", "Прогноз", "Forecast"}, NULL, NULL, false, forecast_columns, COUNT_OF(forecast_columns)}};

static const struct export_column values_columns[] = {
    {{"municipality_name", "Муниципалитет", "Municipality"}, EXPORT_TEXT, 28, false, NULL},
    {{"short_name", "Организация", "Organisation"}, EXPORT_TEXT, 40, false, NULL},
    {{"inn", "ИНН", "INN"}, EXPORT_TEXT, 13, false, NULL},
};
static const struct export_sheet values_sheets[] = {
    {{"rows", "Значения", "Values"}, NULL, NULL, true, values_columns, COUNT_OF(values_columns)}};

static const struct export_report reports[] = {
    {{"start", "Отчёт о начале", "Start report"}, "reporting.GetStartReport", start_sheets, COUNT_OF(start_sheets)},
    {{"provided", "Отчёт по предоставленным данным", "Report of provided data"},
     "reporting.GetProvidedReport",
     provided_sheets,
     COUNT_OF(provided_sheets)},
    {{"values", "Значения показателей", "Values of indicators"},
     "reporting.GetValuesReport",
     values_sheets,
     COUNT_OF(values_sheets)},
    {{"roadmaps", "Базовый отчет по дорожным картам", "Base report on road maps"},
     "reporting.GetRoadmapsReport",
     roadmaps_sheets,
     COUNT_OF(roadmaps_sheets)},
    {{"measures", "Статистика по мерам и направлениям", "Statistics by measure and section"},
     "reporting.GetMeasuresReport",
     measures_sheets,
     COUNT_OF(measures_sheets)},
    {{"roadmap", "Дорожная карта", "Road map"}, "reporting.GetRoadmap", road_sheets, COUNT_OF(road_sheets)},
    {{"activity", "Работа координаторов и кураторов", "Coordinators and curators at work"},
     "reporting.GetActivityReport",
     activity_sheets,
     COUNT_OF(activity_sheets)},
    {{"forecast", "Прогноз сроков", "Forecast of dates"},
     "reporting.GetForecast",
     forecast_sheets,
     COUNT_OF(forecast_sheets)},
    {{"slice", "Срез", "Slice"}, "reporting.GetSliceReport", slice_sheets, COUNT_OF(slice_sheets)},
};

struct export_column
export_value_column(const char *code, const char *title, const char *value_kind)
{
    enum { CHARS = 16 };
    static const struct export_word words[] = {
        {"yes", {"", "да", "yes"}}, {"no", {"", "нет", "no"}}, {NULL, {NULL, NULL, NULL}}};
    bool is_word = strcmp(value_kind, "yes_no") == 0, is_percent = strcmp(value_kind, "percent") == 0;
    return (struct export_column){.title = {code, title, title},
                                  .kind = is_word      ? EXPORT_WORD
                                          : is_percent ? EXPORT_PERCENT
                                                       : EXPORT_VALUE,
                                  .chars = CHARS,
                                  .words = is_word ? words : NULL};
}

const struct export_report *
export_report_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(reports); i++)
        if (strcmp(reports[i].title.code, name) == 0)
            return &reports[i];
    return NULL;
}

const char *
export_word_of(const struct export_column *column, const char *code, bool english)
{
    for (const struct export_word *word = column->words; word && word->code; word++)
        if (strcmp(word->code, code) == 0)
            return english ? word->words.english : word->words.russian;
    return code;
}
