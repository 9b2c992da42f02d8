// Writes an indented JSON document.
#include "rpcgen.h"

static void
begin_value(struct json *json, const char *key)
{
    if (json->depth > 0) {
        if (json->filled[json->depth])
            fputc(',', json->output);
        fprintf(json->output, "\n%*s", json->depth, "");
    }
    json->filled[json->depth] = true;
    if (key != NULL)
        fprintf(json->output, "\"%s\": ", key);
}

void
json_open(struct json *json, const char *key, char bracket)
{
    begin_value(json, key);
    fputc(bracket, json->output);
    json->filled[++json->depth] = false;
}

void
json_close(struct json *json, char bracket)
{
    bool filled = json->filled[json->depth--];
    if (filled)
        fprintf(json->output, "\n%*s", json->depth, "");
    fputc(bracket, json->output);
}

void
json_text(struct json *json, const char *key, const char *text)
{
    begin_value(json, key);
    fputc('"', json->output);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fprintf(json->output, "\\%c", *text);
        else if (*text == '\n')
            fputs("\\n", json->output);
        else if ((unsigned char)*text < 0x20)
            fprintf(json->output, "\\u%04x", (unsigned)*text);
        else
            fputc(*text, json->output);
    }
    fputc('"', json->output);
}

void
json_number(struct json *json, const char *key, int64_t number)
{
    begin_value(json, key);
    fprintf(json->output, "%lld", (long long)number);
}

void
json_bool(struct json *json, const char *key, bool value)
{
    begin_value(json, key);
    fputs(value ? "true" : "false", json->output);
}
