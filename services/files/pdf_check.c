// The side of the service in the talk with vekha-pdf-check: one line there, one line back.
#include "pdf_check.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vekha/base/helper.h"
#include "vekha/base/time.h"

enum {
    PATH_BYTES = 512,
    LINE_BYTES = 64,
    SERVED_MAX = 256, // then a fresh one: what a library leaks or fragments stays bounded
};

struct helper {
    bool is_asked; // by one thread, which alone touches the rest
    pid_t process; // 0: none
    int channel;
    unsigned served;
};

struct pdf_checker {
    char program[PATH_BYTES];
    int timeout_ms;
    pthread_mutex_t mutex;
    pthread_cond_t is_free;
    struct helper helpers[PDF_HELPERS];
};

enum reply { REPLY_LINE, REPLY_TIMEOUT, REPLY_DIED };

struct pdf_checker *
pdf_checker_new(const char *program, int timeout_ms)
{
    struct pdf_checker *checker = calloc(1, sizeof *checker);
    if (!checker)
        return NULL;
    pthread_mutex_init(&checker->mutex, NULL);
    pthread_cond_init(&checker->is_free, NULL);
    snprintf(checker->program, sizeof checker->program, "%s", program);
    checker->timeout_ms = timeout_ms;
    for (size_t i = 0; i < PDF_HELPERS; i++)
        checker->helpers[i].channel = -1;
    return checker;
}

// Returns how it ended, as waitpid says.
static int
stop_helper(struct helper *helper, bool by_force)
{
    int ending = 0;
    if (helper->process == 0)
        return ending;
    if (by_force)
        kill(helper->process, SIGKILL);
    // At the end of its input it leaves by itself.
    close(helper->channel);
    while (waitpid(helper->process, &ending, 0) < 0 && errno == EINTR)
        ;
    helper->process = 0;
    helper->channel = -1;
    return ending;
}

void
pdf_checker_free(struct pdf_checker **checker)
{
    if (!*checker)
        return;
    for (size_t i = 0; i < PDF_HELPERS; i++)
        stop_helper(&(*checker)->helpers[i], false);
    pthread_cond_destroy(&(*checker)->is_free);
    pthread_mutex_destroy(&(*checker)->mutex);
    free(*checker);
    *checker = NULL;
}

static bool
start_helper(const struct pdf_checker *checker, struct helper *helper)
{
    int channels[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels) != 0)
        return false;
    static char *const environment[] = {"LC_ALL=C", NULL};
    char *const arguments[] = {(char *)(uintptr_t)checker->program, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    bool started = posix_spawn_file_actions_adddup2(&actions, channels[1], STDIN_FILENO) == 0 &&
                   posix_spawn_file_actions_adddup2(&actions, channels[1], STDOUT_FILENO) == 0 &&
                   posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
                   helper_spawn(&actions, arguments, environment, &helper->process);
    posix_spawn_file_actions_destroy(&actions);
    close(channels[1]);
    if (!started) {
        helper->process = 0;
        close(channels[0]);
        return false;
    }
    helper->channel = channels[0];
    helper->served = 0;
    return true;
}

static bool
send_line(int channel, const char *path)
{
    char line[PATH_BYTES + 1];
    int size = snprintf(line, sizeof line, "%s\n", path);
    return size > 0 && (size_t)size < sizeof line && send(channel, line, (size_t)size, MSG_NOSIGNAL) == size;
}

static enum reply
receive_line(int channel, int64_t deadline_ms, char line[LINE_BYTES])
{
    size_t used = 0;
    while (used < LINE_BYTES) {
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0)
            return REPLY_TIMEOUT;
        struct pollfd item = {.fd = channel, .events = POLLIN};
        if (poll(&item, 1, (int)left_ms) < 0 && errno != EINTR)
            return REPLY_DIED;
        if (!item.revents)
            continue;
        ssize_t count = recv(channel, line + used, LINE_BYTES - used, 0);
        if (count <= 0)
            return REPLY_DIED;
        used += (size_t)count;
        char *end = memchr(line, '\n', used);
        if (end) {
            *end = '\0';
            return REPLY_LINE;
        }
    }
    return REPLY_DIED;
}

// True when the answer counts; false when the helper was ended from outside, which says nothing about the document.
static bool
ask_once(const struct pdf_checker *checker, struct helper *helper, const char *path, enum pdf_verdict *ret_verdict,
         uint32_t *ret_pages)
{
    char line[LINE_BYTES];
    enum reply reply = send_line(helper->channel, path)
                           ? receive_line(helper->channel, clock_monotonic_ms() + checker->timeout_ms, line)
                           : REPLY_DIED;
    *ret_verdict = PDF_DAMAGED;
    *ret_pages = 0;
    if (reply == REPLY_LINE && pdf_answer_parse(line, ret_verdict, ret_pages)) {
        if (++helper->served >= SERVED_MAX)
            stop_helper(helper, false);
        return true;
    }
    int ending = stop_helper(helper, reply != REPLY_DIED);
    return reply != REPLY_DIED ||
           !(WIFSIGNALED(ending) && (WTERMSIG(ending) == SIGKILL || WTERMSIG(ending) == SIGTERM));
}

// One that nobody asks; of those, one that is running already.
static struct helper *
take_helper(struct pdf_checker *checker)
{
    struct helper *found = NULL;
    pthread_mutex_lock(&checker->mutex);
    while (!found) {
        for (size_t i = 0; i < PDF_HELPERS; i++) {
            struct helper *helper = &checker->helpers[i];
            if (!helper->is_asked && (!found || (found->process == 0 && helper->process != 0)))
                found = helper;
        }
        if (!found)
            pthread_cond_wait(&checker->is_free, &checker->mutex);
    }
    found->is_asked = true;
    pthread_mutex_unlock(&checker->mutex);
    return found;
}

static void
give_back(struct pdf_checker *checker, struct helper *helper)
{
    pthread_mutex_lock(&checker->mutex);
    helper->is_asked = false;
    pthread_cond_signal(&checker->is_free);
    pthread_mutex_unlock(&checker->mutex);
}

enum status
pdf_checker_ask(struct pdf_checker *checker, const char *path, enum pdf_verdict *ret_verdict, uint32_t *ret_pages)
{
    enum { TRIES = 2 };
    enum status status = STATUS_BUSY;
    if (strlen(path) >= PATH_BYTES || strchr(path, '\n'))
        return STATUS_INTERNAL;
    struct helper *helper = take_helper(checker);
    for (int i = 0; i < TRIES && status != STATUS_OK; i++) {
        if (helper->process == 0 && !start_helper(checker, helper))
            break;
        if (ask_once(checker, helper, path, ret_verdict, ret_pages))
            status = STATUS_OK;
    }
    give_back(checker, helper);
    return status;
}
