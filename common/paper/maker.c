// The side of the service: starts vekha-paper, passes lines on, waits for its end.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vekha/base/helper.h"
#include "vekha/base/log.h"
#include "vekha/paper/paper.h"

enum { LINES_BYTES = 64 * 1024, LINE_BYTES_MAX = 4 * 1024 * 1024 };

struct paper {
    pid_t process;
    int channel;
    struct buffer lines; // not sent yet
    bool is_broken, is_over;
};

static bool
spawn_with(const posix_spawn_file_actions_t *actions, const char *format, const char *path, pid_t *ret_process)
{
    static char *const environment[] = {"LC_ALL=C.UTF-8", "HOME=/nonexistent", NULL};
    char program[PATH_MAX];
    char *const arguments[] = {program, (char *)(uintptr_t)format, (char *)(uintptr_t)path, NULL};
    return helper_find("vekha-paper", program) && helper_spawn(actions, arguments, environment, ret_process);
}

static bool
start(struct paper *paper, const char *format, const char *path)
{
    int channels[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channels) != 0)
        return false;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    // Standard output is the channel, too: it ends when the process does.
    bool is_started = posix_spawn_file_actions_adddup2(&actions, channels[1], STDIN_FILENO) == 0 &&
                      posix_spawn_file_actions_adddup2(&actions, channels[1], STDOUT_FILENO) == 0 &&
                      posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) == 0 &&
                      spawn_with(&actions, format, path, &paper->process);
    posix_spawn_file_actions_destroy(&actions);
    close(channels[1]);
    if (!is_started)
        close(channels[0]);
    paper->channel = channels[0];
    return is_started;
}

static void
pass_on(struct paper *paper)
{
    size_t done = 0;
    while (!paper->is_broken && done < paper->lines.size) {
        ssize_t sent = send(paper->channel, paper->lines.data + done, paper->lines.size - done, MSG_NOSIGNAL);
        if (sent > 0)
            done += (size_t)sent;
        else if (sent == 0 || errno != EINTR)
            paper->is_broken = true;
    }
    buffer_reset(&paper->lines);
}

struct paper *
paper_begin(const char *format, const char *path, const struct paper_about *about)
{
    struct paper *paper = calloc(1, sizeof *paper);
    if (!paper || !start(paper, format, path)) {
        log_write(LOG_ERROR, "vekha-paper cannot be started; it belongs beside this program", NULL);
        free(paper);
        return NULL;
    }
    buffer_init(&paper->lines, LINES_BYTES + LINE_BYTES_MAX);
    const char *const fields[] = {about->title, about->author, about->english ? "en" : "ru",
                                  about->landscape ? "landscape" : "portrait", about->made_at};
    paper_line(paper, "about", fields, sizeof fields / sizeof fields[0]);
    return paper;
}

void
paper_line(struct paper *paper, const char *tag, const char *const *fields, size_t count)
{
    buffer_add_text(&paper->lines, tag);
    for (size_t i = 0; i < count; i++) {
        buffer_add_char(&paper->lines, '\t');
        paper_escape(&paper->lines, fields[i]);
    }
    buffer_add_char(&paper->lines, '\n');
    if (paper->lines.overflowed)
        paper->is_broken = true;
    if (paper->lines.size >= LINES_BYTES)
        pass_on(paper);
}

void
paper_finish(struct paper *paper)
{
    paper_line(paper, "finish", NULL, 0);
    pass_on(paper);
    if (shutdown(paper->channel, SHUT_WR) != 0)
        paper->is_broken = true;
}

bool
paper_wait(struct paper *paper, int timeout_ms)
{
    char nothing[16];
    struct pollfd item = {.fd = paper->channel, .events = POLLIN};
    if (paper->is_over || poll(&item, 1, timeout_ms) <= 0)
        return paper->is_over;
    ssize_t count = recv(paper->channel, nothing, sizeof nothing, 0);
    paper->is_over = count == 0 || (count < 0 && errno != EINTR);
    return paper->is_over;
}

enum status
paper_end(struct paper **paper)
{
    struct paper *ended = *paper;
    int ending = 0;
    if (!ended)
        return STATUS_BUSY;
    if (!ended->is_over)
        kill(ended->process, SIGKILL);
    close(ended->channel);
    pid_t found;
    while ((found = waitpid(ended->process, &ending, 0)) < 0 && errno == EINTR)
        ;
    bool is_whole = !ended->is_broken && found == ended->process && WIFEXITED(ending) && WEXITSTATUS(ending) == 0;
    buffer_done(&ended->lines);
    free(ended);
    *paper = NULL;
    return is_whole ? STATUS_OK : STATUS_BUSY;
}
