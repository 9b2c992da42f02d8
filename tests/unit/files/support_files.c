// A folder for one test, and PDFs written byte by byte.
#include "support_files.h"

#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OBJECTS_MAX = 300 };

void
make_test_folder(char out[64])
{
    const char *base = getenv("TMPDIR");
    if (snprintf(out, 64, "%s/vekha-files-XXXXXX", base ? base : "/tmp") >= 64 || !mkdtemp(out)) {
        perror("mkdtemp");
        abort();
    }
}

static int
remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about, (void)kind, (void)place;
    return remove(path);
}

void
remove_test_folder(const char *path)
{
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) != 0)
        perror(path);
}

void
write_test_file(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, size, file) != size || fclose(file) != 0) {
        perror(path);
        abort();
    }
}

size_t
write_test_pdf(const char *path, const struct pdf_plan *plan)
{
    long offsets[OBJECTS_MAX];
    int count = 0;
    FILE *file = fopen(path, "wb");
    if (!file) {
        perror(path);
        abort();
    }
    fprintf(file, "%%PDF-1.5\n");
    offsets[count++] = ftell(file);
    fprintf(file, "1 0 obj\n<< /Type /Catalog /Pages 2 0 R %s >>\nendobj\n", plan->catalogue ? plan->catalogue : "");
    offsets[count++] = ftell(file);
    fprintf(file, "2 0 obj\n<< /Type /Pages /Count %d /Kids [", plan->pages);
    for (int i = 0; i < plan->pages; i++)
        fprintf(file, "%d 0 R ", 3 + 2 * i);
    fprintf(file, "] >>\nendobj\n");
    for (int i = 0; i < plan->pages; i++) {
        offsets[count++] = ftell(file);
        fprintf(file, "%d 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R >>\nendobj\n",
                3 + 2 * i, 4 + 2 * i);
        offsets[count++] = ftell(file);
        fprintf(file, "%d 0 obj\n<< /Length %zu %s >>\nstream\n", 4 + 2 * i, plan->content_size,
                plan->content_filter ? plan->content_filter : "");
        if (plan->content_size > 0)
            fwrite(plan->content, 1, plan->content_size, file);
        fprintf(file, "\nendstream\nendobj\n");
    }
    long table = ftell(file);
    fprintf(file, "xref\n0 %d\n0000000000 65535 f \n", count + 1);
    for (int i = 0; i < count; i++)
        fprintf(file, "%010ld 00000 n \n", offsets[i]);
    fprintf(file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%ld\n%%%%EOF\n", count + 1, table);
    long size = ftell(file);
    fclose(file);
    return (size_t)size;
}

bool
run_qpdf(char *const arguments[])
{
    pid_t process;
    int ending;
    char *const environment[] = {NULL};
    return posix_spawn(&process, "/usr/bin/qpdf", NULL, NULL, arguments, environment) == 0 &&
           waitpid(process, &ending, 0) == process && WIFEXITED(ending) && WEXITSTATUS(ending) == 0;
}
