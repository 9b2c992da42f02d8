// The INSTREAM command: "zINSTREAM", pieces with their length in network order, a length of zero, one answer.
#include "clamd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "vekha/base/time.h"

enum { PIECE_BYTES = 64 * 1024, ANSWER_BYTES = 512 };

static int
connect_to(const char *socket_path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int size = snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
    if (size <= 0 || (size_t)size >= sizeof address.sun_path)
        return -1;
    int channel = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (channel < 0)
        return -1;
    // A local connect either succeeds at once or the daemon's queue is full.
    struct timeval patience = {.tv_sec = 1};
    if (setsockopt(channel, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience) != 0 ||
        connect(channel, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(channel);
        return -1;
    }
    return channel;
}

static bool
wait_for(int channel, short events, int64_t deadline_ms)
{
    int64_t left_ms = deadline_ms - clock_monotonic_ms();
    struct pollfd item = {.fd = channel, .events = events};
    return left_ms > 0 && poll(&item, 1, (int)left_ms) == 1;
}

static bool
send_all(int channel, const void *bytes, size_t size, int64_t deadline_ms)
{
    size_t sent = 0;
    while (sent < size) {
        if (!wait_for(channel, POLLOUT, deadline_ms))
            return false;
        ssize_t count = send(channel, (const char *)bytes + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EAGAIN && errno != EINTR)
            return false;
        if (count > 0)
            sent += (size_t)count;
    }
    return true;
}

static bool
send_file(int channel, int file, int64_t deadline_ms)
{
    static const char command[] = "zINSTREAM";
    char piece[PIECE_BYTES];
    off_t offset = 0;
    ssize_t count;
    if (!send_all(channel, command, sizeof command, deadline_ms))
        return false;
    while ((count = pread(file, piece, sizeof piece, offset)) > 0) {
        uint32_t length = htonl((uint32_t)count);
        if (!send_all(channel, &length, sizeof length, deadline_ms) ||
            !send_all(channel, piece, (size_t)count, deadline_ms))
            return false;
        offset += count;
    }
    const uint32_t end = 0;
    return count == 0 && send_all(channel, &end, sizeof end, deadline_ms);
}

// "stream: OK", "stream: Some.Signature FOUND" or something with "ERROR", ended by NUL.
static bool
receive_answer(int channel, char answer[ANSWER_BYTES], int64_t deadline_ms)
{
    size_t used = 0;
    while (used < ANSWER_BYTES - 1 && wait_for(channel, POLLIN, deadline_ms)) {
        ssize_t count = recv(channel, answer + used, ANSWER_BYTES - 1 - used, 0);
        if (count <= 0)
            break;
        used += (size_t)count;
        if (memchr(answer, '\0', used))
            return true;
    }
    return false;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

enum status
clamd_ask(const char *socket_path, int file, enum virus_verdict *ret_verdict)
{
    char answer[ANSWER_BYTES] = "";
    int64_t deadline_ms = clock_monotonic_ms() + CLAMD_TIMEOUT_MS;
    int channel = connect_to(socket_path);
    if (channel < 0)
        return STATUS_BUSY;
    // A daemon that refuses in the middle has said why before it hung up.
    bool is_sent = send_file(channel, file, deadline_ms);
    bool is_answered = receive_answer(channel, answer, deadline_ms);
    close(channel);
    if (is_answered && ends_with(answer, " FOUND")) {
        *ret_verdict = VIRUS_FOUND;
        return STATUS_OK;
    }
    if (!is_sent || !is_answered || strcmp(answer, "stream: OK") != 0)
        return STATUS_BUSY;
    *ret_verdict = VIRUS_NONE;
    return STATUS_OK;
}
