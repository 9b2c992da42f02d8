// The texts themselves (texts.h) and the titles of HTTP codes.
#include "texts.h"

#define GATEWAY_TEXT_DEFINITION(name, code, russian, english)                                                          \
    const struct message TEXT_##name = {code, russian, english};
GATEWAY_TEXTS(GATEWAY_TEXT_DEFINITION)
#undef GATEWAY_TEXT_DEFINITION

struct title {
    unsigned http_code;
    const char *russian, *english;
};

static const struct title TITLES[] = {
    {400, "Запрос составлен неверно", "Bad request"},
    {401, "Требуется вход", "Login required"},
    {403, "Нет доступа", "Forbidden"},
    {404, "Не найдено", "Not found"},
    {405, "Метод не поддерживается", "Method not allowed"},
    {409, "Сейчас невозможно", "Conflict"},
    {412, "Данные изменились", "Changed meanwhile"},
    {413, "Слишком большой запрос", "Too large"},
    {415, "Неподдерживаемый формат", "Unsupported media type"},
    {416, "Нет такого участка", "Range not satisfiable"},
    {422, "Данные не приняты", "Not accepted"},
    {428, "Нужна версия", "Version required"},
    {429, "Слишком много запросов", "Too many requests"},
    {431, "Слишком большие заголовки", "Headers too large"},
    {500, "Внутренняя ошибка", "Internal error"},
    {503, "Временно недоступно", "Temporarily unavailable"},
    {504, "Нет ответа вовремя", "No answer in time"},
    {505, "Версия HTTP не поддерживается", "HTTP version not supported"},
};

const char *
text_of_http_code(unsigned http_code, bool english)
{
    for (size_t i = 0; i < sizeof TITLES / sizeof TITLES[0]; i++)
        if (TITLES[i].http_code == http_code)
            return english ? TITLES[i].english : TITLES[i].russian;
    return english ? "Problem" : "Ошибка";
}
