// Reads `key = value` files strictly: whatever is not understood is refused with its place and the remedy.
#include "vekha/base/config.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE_BYTES = 64 * 1024 };

struct config {
    const struct config_key *keys;
    size_t key_count;
    char *text;          // the file; values point into it
    const char **values; // one per key
    unsigned *lines;     // where each value came from; 0: the fallback
};

// Process-lifetime: configuration is read once, before threads start, and the process ends when it is wrong.
static char problem[600];

__attribute__((format(printf, 2, 3))) static enum status
refuse(const char **ret_problem, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    *ret_problem = problem;
    return STATUS_INVALID;
}

static bool
parse_number(const char *text, int64_t *ret_number)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || *text == ' ')
        return false;
    *ret_number = number;
    return true;
}

static enum status
read_file(const char *path, char **ret_text, const char **ret_problem)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return refuse(ret_problem, "%s: cannot be opened: %s", path, strerror(errno));
    char *text = malloc(MAX_FILE_BYTES + 1);
    size_t size = text ? fread(text, 1, MAX_FILE_BYTES + 1, file) : 0;
    bool is_broken = !text || ferror(file);
    (void)fclose(file);
    enum status status = STATUS_OK;
    if (is_broken)
        status = refuse(ret_problem, "%s: cannot be read", path);
    else if (size > MAX_FILE_BYTES)
        status = refuse(ret_problem, "%s: larger than %d bytes; is this a configuration file?", path, MAX_FILE_BYTES);
    else if (memchr(text, '\0', size))
        status = refuse(ret_problem, "%s: contains a NUL byte; save it as plain text in UTF-8", path);
    if (!text || status != STATUS_OK) {
        free(text);
        return status;
    }
    text[size] = '\0';
    *ret_text = text;
    return STATUS_OK;
}

static char *
trim(char *text)
{
    text += strspn(text, " \t\r");
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\r", text[size - 1]))
        size--;
    text[size] = '\0';
    return text;
}

static const char *
help_of(const struct config_key *key)
{
    return key->help ? key->help : "mandatory";
}

static size_t
find_key(const struct config *config, const char *name)
{
    size_t i = 0;
    while (i < config->key_count && strcmp(config->keys[i].name, name) != 0)
        i++;
    return i;
}

// A key whose fallback is a number takes numbers only, so that "1o" is found here and not by its effect.
static enum status
take_line(struct config *config, char *line, const char *path, unsigned number, const char **ret_problem)
{
    line = trim(line);
    if (*line == '\0' || *line == '#')
        return STATUS_OK;
    char *equals = strchr(line, '=');
    if (!equals)
        return refuse(ret_problem, "%s:%u: \"%.60s\" has no \"=\"; write key = value", path, number, line);
    *equals = '\0';
    const char *name = trim(line), *value = trim(equals + 1);
    size_t i = find_key(config, name);
    if (i == config->key_count)
        return refuse(ret_problem, "%s:%u: unknown key \"%.60s\"; --help lists the known ones", path, number, name);
    if (config->lines[i])
        return refuse(ret_problem, "%s:%u: \"%s\" was already given in line %u; keep one of them", path, number, name,
                      config->lines[i]);
    int64_t ignored;
    const char *fallback = config->keys[i].fallback;
    if (fallback && parse_number(fallback, &ignored) && !parse_number(value, &ignored))
        return refuse(ret_problem, "%s:%u: \"%s\" takes a number, not \"%.60s\"", path, number, name, value);
    if (!fallback && *value == '\0')
        return refuse(ret_problem, "%s:%u: \"%s\" must not be empty (%s)", path, number, name,
                      help_of(&config->keys[i]));
    config->values[i] = value;
    config->lines[i] = number;
    return STATUS_OK;
}

static enum status
take_lines(struct config *config, const char *path, const char **ret_problem)
{
    enum status status = STATUS_OK;
    char *rest = config->text;
    if (strncmp(rest, "\xef\xbb\xbf", 3) == 0)
        rest += 3;
    for (unsigned number = 1; rest && status == STATUS_OK; number++) {
        char *line = strsep(&rest, "\n");
        status = take_line(config, line, path, number, ret_problem);
    }
    for (size_t i = 0; i < config->key_count && status == STATUS_OK; i++)
        if (!config->values[i])
            status = refuse(ret_problem, "%s: \"%s\" is missing (%s); add a line %s = ...", path, config->keys[i].name,
                            help_of(&config->keys[i]), config->keys[i].name);
    return status;
}

enum status
config_load(const char *path, const struct config_key *keys, size_t key_count, struct config **ret_config,
            const char **ret_problem)
{
    struct config *config = calloc(1, sizeof *config);
    if (!config)
        return refuse(ret_problem, "out of memory");
    config->keys = keys;
    config->key_count = key_count;
    config->values = calloc(key_count + 1, sizeof *config->values);
    config->lines = calloc(key_count + 1, sizeof *config->lines);
    if (!config->values || !config->lines) {
        config_free(&config);
        return refuse(ret_problem, "out of memory for %zu keys", key_count);
    }
    for (size_t i = 0; i < key_count; i++)
        config->values[i] = keys[i].fallback;
    enum status status = read_file(path, &config->text, ret_problem);
    if (status == STATUS_OK && config->text)
        status = take_lines(config, path, ret_problem);
    if (status != STATUS_OK)
        config_free(&config);
    else
        *ret_config = config;
    return status;
}

void
config_free(struct config **config)
{
    if (!*config)
        return;
    free((*config)->text);
    free((*config)->values);
    free((*config)->lines);
    free(*config);
    *config = NULL;
}

const char *
config_text(const struct config *config, const char *name)
{
    size_t i = find_key(config, name);
    assert(i < config->key_count);
    return i < config->key_count ? config->values[i] : "";
}

int64_t
config_number(const struct config *config, const char *name)
{
    size_t i = find_key(config, name);
    int64_t number = 0;
    assert(i < config->key_count);
    if (i == config->key_count || parse_number(config->values[i], &number))
        return number;
    const char *fallback = config->keys[i].fallback;
    return fallback && parse_number(fallback, &number) ? number : 0;
}
