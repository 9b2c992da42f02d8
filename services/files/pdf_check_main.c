// vekha-pdf-check: reads paths of PDFs from standard input, one a line, and answers one line each: "ok PAGES",
// "damaged", "encrypted", "empty" or "javascript". It limits its own memory and time and gives up the network, so a
// hostile document can at worst end this process, which the service takes for "damaged".
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "pdf_look.h"
#include "read_fully.h"
#include "vekha/base/sanitizer.h"

enum {
    MEMORY_BYTES = 512 * 1024 * 1024,
    CPU_SECONDS = 10, // per document
    FILES_MAX = 32,
    PATH_BYTES = 1024,
};

#ifdef HAS_SANITIZER
// Limited by the memory really used. The sanitizer's own name for it. NOLINTBEGIN(bugprone-reserved-identifier)
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "hard_rss_limit_mb=512:detect_leaks=0";
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

static bool
limit(__rlimit_resource_t resource, rlim_t value)
{
    struct rlimit limits = {value, value};
    return setrlimit(resource, &limits) == 0;
}

// The counter of processor seconds runs over all documents: each gets its share on top of what is spent.
static void
allow_time(void)
{
    struct rusage usage;
    struct rlimit limits;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || getrlimit(RLIMIT_CPU, &limits) != 0)
        return;
    limits.rlim_cur = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1 + CPU_SECONDS);
    setrlimit(RLIMIT_CPU, &limits);
}

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "name the audit architecture of this processor"
#endif

#define REFUSE(number)                                                                                                 \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

// No network, no other program, no look into other processes.
static bool
give_up_rights(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(SYS_socket),
        REFUSE(SYS_socketpair),
        REFUSE(SYS_connect),
        REFUSE(SYS_bind),
        REFUSE(SYS_execve),
        REFUSE(SYS_execveat),
        REFUSE(SYS_ptrace),
        REFUSE(SYS_process_vm_readv),
        REFUSE(SYS_process_vm_writev),
        REFUSE(SYS_kill),
        REFUSE(SYS_pidfd_open),
        REFUSE(SYS_io_uring_setup),
        REFUSE(SYS_unlinkat),
        REFUSE(SYS_renameat),
        REFUSE(SYS_renameat2),
        REFUSE(SYS_mkdirat),
        REFUSE(SYS_linkat),
        REFUSE(SYS_symlinkat),
        REFUSE(SYS_fchmodat),
#if defined(__x86_64__)
        REFUSE(SYS_fork),
        REFUSE(SYS_vfork),
        REFUSE(SYS_unlink),
        REFUSE(SYS_rename),
        REFUSE(SYS_mkdir),
        REFUSE(SYS_link),
        REFUSE(SYS_symlink),
        REFUSE(SYS_chmod),
#endif
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {(unsigned short)(sizeof rules / sizeof rules[0]), rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool
enter_cage(void)
{
    // A refused write is an error to report, not a reason to die.
    signal(SIGXFSZ, SIG_IGN);
    // What the service had open is none of this process's business.
    if (syscall(SYS_close_range, 3, ~0U, 0) != 0 && errno != ENOSYS)
        return false;
    bool limited = limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES_MAX);
#ifndef HAS_SANITIZER
    limited = limited && limit(RLIMIT_AS, MEMORY_BYTES);
#endif
    return limited && give_up_rights();
}

// The whole document in memory: the library looks here and there, and each look into a file is a call or two. NULL: it
// cannot be read.
static char *
read_document(const char *path, size_t *ret_size)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return NULL;
    char *content = fstat(file, &about) == 0 && about.st_size > 0 ? malloc((size_t)about.st_size) : NULL;
    ssize_t done = content ? read_fully(file, content, (size_t)about.st_size, 0) : 0;
    close(file);
    *ret_size = done < 0 ? 0 : (size_t)done;
    return content;
}

static void
check(const char *path, char answer[PDF_ANSWER_BYTES])
{
    size_t size;
    char *content = read_document(path, &size);
    if (!content) {
        snprintf(answer, PDF_ANSWER_BYTES, "damaged");
        return;
    }
    qpdf_data pdf = pdf_look_open();
    pdf_look(pdf, qpdf_read_memory(pdf, "document", content, size, NULL), answer);
    pdf_look_close(&pdf);
    free(content);
}

int
main(void)
{
    char path[PATH_BYTES];
    if (!enter_cage())
        return EXIT_FAILURE;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        allow_time();
        char answer[PDF_ANSWER_BYTES];
        check(path, answer);
        if (puts(answer) < 0 || fflush(stdout) != 0)
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
