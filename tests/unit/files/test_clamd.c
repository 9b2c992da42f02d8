// The INSTREAM talk with a daemon of its own on a real socket: clean, infected, refusing, silent, gone.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "clamd.h"
#include "support_files.h"

static char folder[64];
static char socket_path[96];
static int listener;

enum { RECEIVED_MAX = 400000 };
// What the daemon of one test does and saw.
static struct {
    const char *answer; // with its NUL; NULL: hangs up
    bool refuses;       // answers after the first piece and hangs up
    size_t received;
    bool is_well_formed;
} daemon_plan;

static bool
read_fully(int channel, void *out, size_t size)
{
    size_t done = 0;
    while (done < size) {
        ssize_t count = recv(channel, (char *)out + done, size - done, 0);
        if (count <= 0)
            return false;
        done += (size_t)count;
    }
    return true;
}

static bool
read_stream(int channel)
{
    static char piece[RECEIVED_MAX];
    char command[10];
    uint32_t length;
    if (!read_fully(channel, command, sizeof command) || memcmp(command, "zINSTREAM", 10) != 0)
        return false;
    while (read_fully(channel, &length, sizeof length)) {
        length = ntohl(length);
        if (length == 0)
            return true;
        if (length > sizeof piece || !read_fully(channel, piece, length))
            return false;
        daemon_plan.received += length;
        if (daemon_plan.refuses)
            return true;
    }
    return false;
}

static void *
serve_one(void *unused)
{
    int channel = accept(listener, NULL, NULL);
    daemon_plan.received = 0;
    daemon_plan.is_well_formed = read_stream(channel);
    if (daemon_plan.answer)
        send(channel, daemon_plan.answer, strlen(daemon_plan.answer) + 1, MSG_NOSIGNAL);
    close(channel);
    return unused;
}

static int
set_up(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    make_test_folder(folder);
    snprintf(socket_path, sizeof socket_path, "%s/clamd.sock", folder);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    return bind(listener, (const struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 4) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    close(listener);
    remove_test_folder(folder);
    return 0;
}

static enum status
ask(const char *answer, bool refuses, size_t file_size, enum virus_verdict *ret_verdict)
{
    static char bytes[RECEIVED_MAX];
    char path[96];
    pthread_t server;
    daemon_plan.answer = answer;
    daemon_plan.refuses = refuses;
    snprintf(path, sizeof path, "%s/document", folder);
    write_test_file(path, bytes, file_size);
    int file = open(path, O_RDONLY);
    assert_int_equal(pthread_create(&server, NULL, serve_one, NULL), 0);
    enum status status = clamd_ask(socket_path, file, ret_verdict);
    pthread_join(server, NULL);
    close(file);
    return status;
}

static void
clean_and_infected(void **state)
{
    (void)state;
    enum virus_verdict verdict = VIRUS_FOUND;
    assert_int_equal(ask("stream: OK", false, 200000, &verdict), STATUS_OK);
    assert_int_equal(verdict, VIRUS_NONE);
    assert_true(daemon_plan.is_well_formed);
    assert_int_equal(daemon_plan.received, 200000);
    assert_int_equal(ask("stream: Win.Test.EICAR_HDB-1 FOUND", false, 68, &verdict), STATUS_OK);
    assert_int_equal(verdict, VIRUS_FOUND);
    verdict = VIRUS_FOUND;
    assert_int_equal(ask("stream: OK", false, 0, &verdict), STATUS_OK);
    assert_int_equal(verdict, VIRUS_NONE);
}

static void
unsure_is_never_clean(void **state)
{
    (void)state;
    enum virus_verdict verdict;
    assert_int_equal(ask("INSTREAM size limit exceeded. ERROR", true, 300000, &verdict), STATUS_BUSY);
    assert_int_equal(ask("stream: Can't allocate memory ERROR", false, 100, &verdict), STATUS_BUSY);
    assert_int_equal(ask("", false, 100, &verdict), STATUS_BUSY);
    assert_int_equal(ask("stream: OK or so", false, 100, &verdict), STATUS_BUSY);
    assert_int_equal(ask(NULL, false, 100, &verdict), STATUS_BUSY);
}

static void
nobody_there(void **state)
{
    (void)state;
    enum virus_verdict verdict;
    char path[96];
    snprintf(path, sizeof path, "%s/nothing.sock", folder);
    assert_int_equal(clamd_ask(path, STDIN_FILENO, &verdict), STATUS_BUSY);
    assert_int_equal(clamd_ask("", STDIN_FILENO, &verdict), STATUS_BUSY);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_and_infected),
        cmocka_unit_test(unsure_is_never_clean),
        cmocka_unit_test(nobody_there),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
