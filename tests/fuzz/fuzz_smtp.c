// What a mail server says, in pieces of any size: letters are said to be sent only when the server took them, and their
// text goes only to a server that asked for it.
#include "fuzz.h"

#include <stdarg.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "smtp.h"
#include "vekha/curl/curl.h"

enum { INPUT_MAX = 3000, SAID_BYTES = 64 * 1024, LETTERS = 3 };

static const char LETTER[] = "Subject: x\r\n\r\n0KHRgNC+0Lo=\r\n";

typedef size_t header_function(char *text, size_t size, size_t count, void *context);

// The server: what it still has to say on this connection, and what it has heard on it.
static struct fuzz_input input;
static header_function *greet;
static void *greeted;
static bool is_open;
static int always_ready = -1;
static char heard[SAID_BYTES];
static size_t heard_size;
static bool said_go_on, said_taken; // an answer 354, and one 2xx after it

// The codes of what has been said, read once more and in another way.
static char answer[8];
static size_t answer_size;

static void
note_said(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            answer_size = 0;
            continue;
        }
        if (answer_size < sizeof answer - 1)
            answer[answer_size++] = (char)bytes[i];
        answer[answer_size] = '\0';
        said_taken = said_taken || (said_go_on && strpbrk(answer, "2") != NULL);
        said_go_on = said_go_on || strstr(answer, "354") != NULL;
    }
}

static CURL *
make(void)
{
    return (CURL *)&always_ready;
}

static CURLcode
set(CURL *handle, CURLoption option, ...)
{
    va_list arguments;
    va_start(arguments, option);
    if (option == CURLOPT_HEADERFUNCTION)
        greet = va_arg(arguments, header_function *);
    else if (option == CURLOPT_HEADERDATA)
        greeted = va_arg(arguments, void *);
    va_end(arguments);
    (void)handle;
    return CURLE_OK;
}

static CURLcode
perform(CURL *handle)
{
    char line[80];
    size_t size = input_text(&input, '\n', line, sizeof line);
    (void)handle;
    heard_size = answer_size = 0;
    said_go_on = said_taken = false;
    is_open = input.left > 0 && line[0] != '!';
    if (size > 0)
        (void)greet(line, 1, size, greeted);
    return is_open ? CURLE_OK : CURLE_COULDNT_CONNECT;
}

static CURLcode
say(CURL *handle, const void *bytes, size_t size, size_t *ret_sent)
{
    (void)handle;
    *ret_sent = 0;
    DEMAND(is_open && size > 0);
    size_t sent = size > 7 ? size - 3 : size;
    if (heard_size + sent > sizeof heard)
        return CURLE_SEND_ERROR;
    memcpy(heard + heard_size, bytes, sent);
    heard_size += sent;
    *ret_sent = sent;
    return CURLE_OK;
}

static CURLcode
receive(CURL *handle, void *out, size_t capacity, size_t *ret_size)
{
    (void)handle;
    *ret_size = 0;
    DEMAND(capacity > 0);
    if (input.left == 0)
        return CURLE_OK;
    uint8_t piece = input_byte(&input);
    if (piece == '!')
        return CURLE_RECV_ERROR;
    if (piece == '~')
        return CURLE_AGAIN;
    size_t size = piece % 64U + 1;
    size = size > input.left ? input.left : size;
    size = size > capacity ? capacity : size;
    memcpy(out, input.next, size);
    note_said(input.next, size);
    input.next += size;
    input.left -= size;
    *ret_size = size;
    return CURLE_OK;
}

static CURLcode
get(CURL *handle, CURLINFO info, ...)
{
    va_list arguments;
    va_start(arguments, info);
    if (info == CURLINFO_ACTIVESOCKET)
        *va_arg(arguments, curl_socket_t *) = always_ready;
    va_end(arguments);
    (void)handle;
    return CURLE_OK;
}

static const char *
explain(CURLcode code)
{
    (void)code;
    return "no";
}

static void
done(CURL *handle)
{
    (void)handle;
}

// In place of the library (linked by --wrap).
const struct curl_functions *__wrap_curl_load(void);
const struct curl_functions *
__wrap_curl_load(void)
{
    static const struct curl_functions FUNCTIONS = {
        .make = make,
        .set = set,
        .perform = perform,
        .send = say,
        .receive = receive,
        .get = get,
        .explain = explain,
        .done = done,
    };
    return &FUNCTIONS;
}

static bool
heard_ends_with(const char *end)
{
    size_t size = strlen(end);
    return heard_size >= size && memcmp(heard + heard_size - size, end, size) == 0;
}

static void
send_letter(struct smtp *smtp)
{
    char problem[SMTP_PROBLEM_BYTES] = "";
    enum smtp_result result = smtp_offer(smtp, "a@example.org", "b@example.org", LETTER, problem);
    DEMAND((result == SMTP_SENT) == (problem[0] == '\0') || result == SMTP_SENT);
    DEMAND(memchr(problem, '\0', sizeof problem) != NULL);
    if (result != SMTP_SENT) {
        DEMAND(!heard_ends_with(LETTER) || !is_open || result == SMTP_UNREACHABLE);
        return;
    }
    DEMAND(said_go_on && heard_ends_with(LETTER));
    if (!smtp_hand_over(smtp))
        return;
    DEMAND(heard_ends_with(".\r\n"));
    result = smtp_answer(smtp, problem);
    DEMAND(result != SMTP_SENT || said_taken);
    DEMAND(result != SMTP_UNREACHABLE);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct smtp_settings SETTINGS = {"smtp://127.0.0.1:1", "", "", "none", ""};
    char problem[SMTP_PROBLEM_BYTES];
    if (size > INPUT_MAX)
        return 0;
    if (always_ready < 0)
        always_ready = eventfd(1, 0);
    input = (struct fuzz_input){data, size};
    heard_size = 0;
    struct smtp *smtp = smtp_open(&SETTINGS, problem);
    DEMAND(smtp != NULL);
    for (int i = 0; i < LETTERS; i++)
        send_letter(smtp);
    smtp_close(&smtp);
    DEMAND(smtp == NULL);
    return 0;
}
