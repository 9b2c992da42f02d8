// Reads the cabinet's folder once.
#include "static_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vekha/crypto/token.h"

enum { PATH_BYTES = 512, MAX_DEPTH = 4 };

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
read_all(int fd, unsigned char *data, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t got = read(fd, data + at, size - at);
        if (got <= 0)
            return false;
        at += (size_t)got;
    }
    return true;
}

static enum status
fill_file(struct static_files *files, int fd, const char *path, size_t size)
{
    struct static_file *file = &files->files[files->count];
    *file = (struct static_file){.size = size, .content_type = content_type_of(path)};
    file->path = strdup(path);
    file->data = malloc(size + 1);
    files->count++;
    files->total_bytes += size;
    if (file->path == NULL || file->data == NULL || !read_all(fd, file->data, size))
        return STATUS_BUSY;
    char digest[65];
    sha256_hex(file->data, size, digest);
    snprintf(file->tag, sizeof file->tag, "\"%s\"", digest);
    file->is_permanent = strncmp(path, "assets/", 7) == 0;
    return STATUS_OK;
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
            status = fill_file(files, fd, path, size);
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
        free((*files)->files[i].data);
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
