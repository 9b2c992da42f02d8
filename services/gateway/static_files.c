// Reads the cabinet's folder once.
#include "static_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "encoding.h"
#include "vekha/crypto/token.h"

enum { PATH_BYTES = 512, MAX_DEPTH = 4, ENDING_BYTES = 3 };

struct static_files {
    struct static_file files[STATIC_MAX_FILES];
    size_t count, total_bytes;
};

struct content_type {
    const char *ending, *type;
};

static const struct content_type CONTENT_TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *
content_type_of(const char *path)
{
    size_t size = strlen(path);
    for (size_t i = 0; i < sizeof CONTENT_TYPES / sizeof CONTENT_TYPES[0]; i++) {
        size_t ending = strlen(CONTENT_TYPES[i].ending);
        if (size > ending && strcmp(path + size - ending, CONTENT_TYPES[i].ending) == 0)
            return CONTENT_TYPES[i].type;
    }
    return "application/octet-stream";
}

static bool
make_tag(int fd, size_t size, char tag[67])
{
    char digest[65];
    void *data = size == 0 ? NULL : mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED)
        return false;
    sha256_hex(data == NULL ? "" : data, size, digest);
    if (data != NULL)
        munmap(data, size);
    snprintf(tag, 67, "\"%s\"", digest);
    return true;
}

// Takes fd.
static enum status
add_file(struct static_files *files, int fd, const char *path, size_t size)
{
    struct static_file *file = &files->files[files->count++];
    *file = (struct static_file){.path = strdup(path), .fd = fd, .size = size, .content_type = content_type_of(path)};
    files->total_bytes += size;
    file->is_permanent = strncmp(path, "assets/", 7) == 0;
    return file->path != NULL && make_tag(fd, size, file->tag) ? STATUS_OK : STATUS_BUSY;
}

static enum status
load_file(struct static_files *files, int folder, const char *name, const char *path)
{
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat information;
    enum status status = STATUS_BUSY;
    if (fd >= 0 && fstat(fd, &information) == 0) {
        size_t size = (size_t)information.st_size;
        if (!S_ISREG(information.st_mode))
            status = STATUS_OK;
        else if (files->count == STATIC_MAX_FILES || size > STATIC_MAX_BYTES - files->total_bytes)
            status = STATUS_TOO_LARGE;
        else
            return add_file(files, fd, path, size);
    }
    if (fd >= 0)
        close(fd);
    return status;
}

static enum status load_folder(struct static_files *files, int parent, const char *name, const char *prefix, int depth);

static enum status
load_entry(struct static_files *files, int folder, const struct dirent *entry, const char *prefix, int depth)
{
    char path[PATH_BYTES];
    int length = snprintf(path, sizeof path, "%s%s", prefix, entry->d_name);
    // Links are not followed: what is served lies in the folder.
    if (entry->d_name[0] == '.' || entry->d_type == DT_LNK)
        return STATUS_OK;
    if (length < 0 || (size_t)length + 1 >= sizeof path)
        return STATUS_TOO_LARGE;
    if (entry->d_type != DT_DIR)
        return load_file(files, folder, entry->d_name, path);
    path[length] = '/';
    path[length + 1] = '\0';
    return load_folder(files, folder, entry->d_name, path, depth + 1);
}

static enum status
load_folder(struct static_files *files, int parent, const char *name, const char *prefix, int depth)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 || depth > MAX_DEPTH ? NULL : fdopendir(fd);
    if (folder == NULL) {
        if (fd >= 0)
            close(fd);
        return STATUS_NOT_FOUND;
    }
    enum status status = STATUS_OK;
    const struct dirent *entry;
    while (status == STATUS_OK && (entry = readdir(folder)) != NULL)
        status = load_entry(files, dirfd(folder), entry, prefix, depth);
    closedir(folder);
    return status;
}

void
static_files_free(struct static_files **files)
{
    for (size_t i = 0; *files != NULL && i < (*files)->count; i++) {
        free((*files)->files[i].path);
        close((*files)->files[i].fd);
    }
    free(*files);
    *files = NULL;
}

enum status
static_files_load(const char *folder, struct static_files **ret_files)
{
    struct static_files *files = calloc(1, sizeof *files);
    if (files == NULL)
        return STATUS_BUSY;
    enum status status = folder[0] == '\0' ? STATUS_OK : load_folder(files, AT_FDCWD, folder, "", 0);
    if (status == STATUS_OK)
        *ret_files = files;
    else
        static_files_free(&files);
    return status;
}

static const struct static_file *
find_exactly(const struct static_files *files, const char *path)
{
    for (size_t i = 0; i < files->count; i++)
        if (strcmp(files->files[i].path, path) == 0)
            return &files->files[i];
    return NULL;
}

const struct static_file *
static_files_find(const struct static_files *files, const char *path)
{
    const struct static_file *file = find_exactly(files, path);
    const char *slash = strrchr(path, '/');
    bool is_page = strchr(slash == NULL ? path : slash, '.') == NULL;
    return file == NULL && is_page ? find_exactly(files, "index.html") : file;
}

struct static_choice
static_files_choose(const struct static_files *files, const struct static_file *file, const char *accept_encoding)
{
    static const struct {
        char ending[ENDING_BYTES + 1];
        const char *encoding;
    } FORMS[] = {{".br", "br"}, {".gz", "gzip"}};
    for (size_t i = 0; accept_encoding != NULL && i < sizeof FORMS / sizeof FORMS[0]; i++) {
        char path[PATH_BYTES + ENDING_BYTES];
        snprintf(path, sizeof path, "%s%s", file->path, FORMS[i].ending);
        const struct static_file *form =
            encoding_is_accepted(accept_encoding, FORMS[i].encoding) ? find_exactly(files, path) : NULL;
        if (form != NULL)
            return (struct static_choice){form, FORMS[i].encoding};
    }
    return (struct static_choice){file, NULL};
}
