// Every text of the gateway's own, in both languages of the interface.
#pragma once

#include "vekha/base/status.h"
#include "vekha/service/service.h"

#define GATEWAY_TEXTS(X)                                                                                               \
    X(NOT_STRING, "not_string", "Ожидается строка.", "A string is expected.")                                          \
    X(NOT_INTEGER, "not_integer", "Ожидается целое число в пределах своего типа.",                                     \
      "An integer within the range of its type is expected.")                                                          \
    X(NOT_NUMBER, "not_number", "Ожидается число.", "A number is expected.")                                           \
    X(NOT_BOOLEAN, "not_boolean", "Ожидается true или false.", "true or false is expected.")                           \
    X(NOT_OBJECT, "not_object", "Ожидается объект.", "An object is expected.")                                         \
    X(NOT_LIST, "not_list", "Ожидается список.", "A list is expected.")                                                \
    X(NOT_BASE64, "not_base64", "Ожидается строка в кодировке base64.", "A base64 string is expected.")                \
    X(UNKNOWN_VALUE, "unknown_value", "Такого значения нет в списке.", "This value is not in the list.")               \
    X(UNKNOWN_FIELD, "unknown_field", "Такого поля нет: проверьте название.",                                          \
      "There is no such field: check its name.")                                                                       \
    X(FIELD_TWICE, "field_twice", "Поле указано дважды.", "The field is given twice.")                                 \
    X(ONE_OF_SEVERAL, "one_of_several", "Из взаимоисключающих полей укажите одно.", "Give only one of these fields.")  \
    X(IN_PATH_AND_BODY, "in_path_and_body", "Поле задано в адресе; в теле его не указывайте.",                         \
      "The field stands in the path; leave it out of the body.")                                                       \
    X(NUL_OR_ENCODING, "not_utf8", "Ожидается текст в UTF-8 без нулевых символов.",                                    \
      "UTF-8 text without NUL characters is expected.")                                                                \
    X(NULL_IN_LIST, "null_in_list", "В списке не может быть null.", "A list cannot contain null.")                     \
    X(BROKEN_JSON, "malformed_json", "Тело запроса не является JSON: ошибка в строке %d, столбце %d.",                 \
      "The body is not JSON: error in line %d, column %d.")                                                            \
    X(TOO_DEEP, "too_deep", "JSON вложен слишком глубоко.", "The JSON is nested too deep.")                            \
    X(TOO_MANY_VALUES, "too_many_values", "В JSON слишком много значений: отправьте их частями.",                      \
      "The JSON has too many values: send them in parts.")                                                             \
    X(BODY_NOT_OBJECT, "not_object", "Тело запроса должно быть объектом JSON.", "The body must be a JSON object.")     \
    X(CHECK_FIELDS, "invalid", "Проверьте отмеченные поля.", "Check the marked fields.")                               \
    X(CHECK_QUERY, "invalid_query", "Проверьте параметры адреса.", "Check the parameters of the address.")             \
    X(BAD_REQUEST_LINE, "malformed_request", "Адрес запроса записан с ошибкой.", "The request's address is wrong.")    \
    X(BAD_HEADERS, "malformed_headers", "Заголовки запроса записаны с ошибкой.", "The request's headers are wrong.")   \
    X(BAD_VERSION, "unsupported_http_version", "Поддерживается HTTP/1.1.", "HTTP/1.1 is supported.")                   \
    X(TOO_MANY_HEADERS, "headers_too_large", "Слишком много заголовков.", "Too many headers.")                         \
    X(UNKNOWN_VERB, "unknown_method", "Такой метод HTTP не поддерживается.", "This HTTP method is not supported.")     \
    X(BODY_NOT_ALLOWED, "body_not_allowed", "У этого запроса не бывает тела.", "This request takes no body.")          \
    X(NO_PAGE, "not_found", "По этому адресу ничего нет.", "There is nothing at this address.")                        \
    X(WRONG_VERB, "method_not_allowed", "Этот адрес не принимает такой метод; допустимые — в заголовке Allow.",        \
      "This address does not take that method; see the Allow header.")                                                 \
    X(BODY_TOO_LARGE, "too_large", "Запрос слишком велик: разделите его на части.",                                    \
      "The request is too large: split it.")                                                                           \
    X(WRONG_CONTENT_TYPE, "unsupported_media_type", "Такой Content-Type здесь не принимается: нужен %s.",              \
      "This Content-Type is not accepted here: send %s.")                                                              \
    X(BAD_IDEMPOTENCY_KEY, "invalid_idempotency_key", "Idempotency-Key: UUID или от 16 до 64 знаков.",                 \
      "Idempotency-Key: a UUID, or 16 to 64 characters.")                                                              \
    X(VERSION_REQUIRED, "version_required", "Укажите в If-Match версию, которую вы видели.",                           \
      "Give the version you have seen in If-Match.")                                                                   \
    X(BAD_IF_MATCH, "invalid_if_match", "If-Match: ожидается версия в кавычках, например \"7\".",                      \
      "If-Match: a version in quotes is expected, for example \"7\".")                                                 \
    X(BAD_UPLOAD_OFFSET, "invalid_upload_offset", "Укажите Upload-Offset: с какого байта идут данные.",                \
      "Give Upload-Offset: the byte these data begin at.")                                                             \
    X(EMPTY_UPLOAD, "empty_body", "Тело запроса пусто.", "The body is empty.")                                         \
    X(LOG_IN, "unauthenticated", "Войдите в систему.", "Log in.")                                                      \
    X(LOG_IN_AGAIN, "session_ended", "Сеанс завершён: войдите ещё раз.", "The session has ended: log in again.")       \
    X(NOT_YOUR_ROLE, "forbidden", "Эта операция недоступна для вашей роли.",                                           \
      "Your role does not include this operation.")                                                                    \
    X(FINISH_ENTRY, "entry_unfinished", "Сначала смените пароль и заполните данные о себе.",                           \
      "First change the password and fill in your profile.")                                                           \
    X(OTHER_SITE, "cross_site", "Запрос пришёл с другого сайта и отклонён.",                                           \
      "The request came from another site and was refused.")                                                           \
    X(BUSY, "busy", "Система занята. Повторите через несколько секунд.",                                               \
      "The system is busy. Try again in a few seconds.")                                                               \
    X(STARTING, "starting", "Система запускается. Повторите через несколько секунд.",                                  \
      "The system is starting. Try again in a few seconds.")                                                           \
    X(TIMEOUT, "timeout", "Ответ занял слишком много времени. Повторите.", "The answer took too long. Try again.")     \
    X(UNKNOWN_OUTCOME, "unknown_outcome",                                                                              \
      "Неизвестно, выполнена ли операция. Повторите запрос с тем же Idempotency-Key.",                                 \
      "It is not known whether this was done. Repeat it with the same Idempotency-Key.")                               \
    X(TOO_MANY_STREAMS, "too_many_streams", "Слишком много открытых лент событий.", "Too many open event streams.")    \
    X(BAD_RANGE, "range_not_satisfiable", "Такого участка в документе нет.", "The document has no such range.")        \
    X(INTERNAL, "internal",                                                                                            \
      "Ошибка на нашей стороне. Повторите; если не поможет, сообщите в поддержку номер запроса.",                      \
      "A fault on our side. Try again; if it stays, tell support the request number.")

#define GATEWAY_TEXT_DECLARATION(name, code, russian, english) extern const struct message TEXT_##name;
GATEWAY_TEXTS(GATEWAY_TEXT_DECLARATION)
#undef GATEWAY_TEXT_DECLARATION

// "Не найдено" / "Not found": the title of a problem with this HTTP code.
const char *text_of_http_code(unsigned http_code, bool english);
