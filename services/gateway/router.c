// Nodes are path segments: words, or the one place of a parameter. At a node hang the methods that end there.
#include "router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct route {
    const struct contract_method *method;
    const char *action; // NULL without
    size_t action_size;
    const ProtobufCFieldDescriptor *fields[ROUTE_MAX_PARAMETERS];
    size_t field_count;
    struct route *next;
};

struct node {
    const char *word; // of the pattern, not NUL-terminated
    size_t size;
    struct node *children; // words
    struct node *parameter;
    struct node *sibling;
    struct route *routes;
};

struct router {
    struct node root;
};

static struct node *
enter_word(struct node *node, const char *word, size_t size)
{
    for (struct node *child = node->children; child != NULL; child = child->sibling)
        if (child->size == size && memcmp(child->word, word, size) == 0)
            return child;
    struct node *child = calloc(1, sizeof *child);
    if (child == NULL)
        return NULL;
    child->word = word;
    child->size = size;
    child->sibling = node->children;
    node->children = child;
    return child;
}

static struct node *
enter_parameter(struct node *node)
{
    if (node->parameter == NULL)
        node->parameter = calloc(1, sizeof *node->parameter);
    return node->parameter;
}

static bool
add_parameter(struct route *route, const char *name, size_t size)
{
    char field_name[128];
    snprintf(field_name, sizeof field_name, "%.*s", (int)size, name);
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(route->method->request, field_name);
    if (field == NULL || route->field_count == ROUTE_MAX_PARAMETERS)
        return false;
    route->fields[route->field_count++] = field;
    return true;
}

static struct node *
walk_pattern(struct node *node, struct route *route)
{
    const char *at = route->method->path + 1;
    while (node != NULL) {
        size_t size = strcspn(at, "/"), head = strcspn(at, "/:");
        if (at[0] == '{' && head > 2) {
            if (!add_parameter(route, at + 1, head - 2))
                return NULL;
            node = enter_parameter(node);
        } else {
            node = enter_word(node, at, head);
        }
        if (head < size) {
            route->action = at + head + 1;
            route->action_size = size - head - 1;
        }
        if (at[size] == '\0')
            break;
        at += size + 1;
    }
    return node;
}

static bool
add_route(struct router *router, const struct contract_method *method)
{
    struct route *route = calloc(1, sizeof *route);
    if (route == NULL)
        return false;
    route->method = method;
    struct node *node = walk_pattern(&router->root, route);
    if (node == NULL) {
        free(route);
        return false;
    }
    route->next = node->routes;
    node->routes = route;
    return true;
}

struct router *
router_new(const struct contract_method *methods, size_t count)
{
    struct router *router = calloc(1, sizeof *router);
    for (size_t i = 0; router != NULL && i < count; i++)
        if (methods[i].verb != NULL && !add_route(router, &methods[i]))
            router_free(&router);
    return router;
}

static void
free_routes(struct route *route)
{
    while (route != NULL) {
        struct route *next = route->next;
        free(route);
        route = next;
    }
}

static void
free_below(struct node *node)
{
    while (node->children != NULL) {
        struct node *child = node->children;
        node->children = child->sibling;
        free_below(child);
        free(child);
    }
    if (node->parameter != NULL)
        free_below(node->parameter);
    free(node->parameter);
    free_routes(node->routes);
}

void
router_free(struct router **router)
{
    if (*router != NULL)
        free_below(&(*router)->root);
    free(*router);
    *router = NULL;
}

static bool
has_action(const struct route *route, const char *action)
{
    if (route->action == NULL || action == NULL)
        return route->action == NULL && action == NULL;
    return strlen(action) == route->action_size && memcmp(action, route->action, route->action_size) == 0;
}

static void
allow_verb(struct route_match *match, const char *verb)
{
    size_t size = strlen(match->allow);
    snprintf(match->allow + size, sizeof match->allow - size, "%s%s%s", size == 0 ? "" : ", ", verb,
             strcmp(verb, "GET") == 0 ? ", HEAD" : "");
}

// True when the path ends here, whatever the verb.
static bool
choose_route(const struct node *node, const char *verb, const struct uri *uri, struct route_match *match)
{
    bool found = false;
    for (const struct route *route = node->routes; route != NULL; route = route->next) {
        if (!has_action(route, uri->action))
            continue;
        found = true;
        allow_verb(match, route->method->verb);
        if (strcmp(route->method->verb, verb) == 0) {
            match->method = route->method;
            memcpy(match->fields, route->fields, sizeof match->fields);
        }
    }
    return found;
}

static bool
match_from(const struct node *node, size_t depth, const char *verb, const struct uri *uri, struct route_match *match)
{
    if (depth == uri->segment_count)
        return choose_route(node, verb, uri, match);
    const struct uri_segment *segment = &uri->segments[depth];
    for (const struct node *child = node->children; child != NULL; child = child->sibling)
        if (child->size == segment->size && memcmp(child->word, segment->text, segment->size) == 0 &&
            match_from(child, depth + 1, verb, uri, match))
            return true;
    if (node->parameter == NULL || segment->size == 0 || match->count == ROUTE_MAX_PARAMETERS)
        return false;
    match->values[match->count++] = segment;
    if (match_from(node->parameter, depth + 1, verb, uri, match))
        return true;
    match->count--;
    return false;
}

void
router_match(const struct router *router, const char *verb, const struct uri *uri, struct route_match *match)
{
    *match = (struct route_match){0};
    (void)match_from(&router->root, 0, strcmp(verb, "HEAD") == 0 ? "GET" : verb, uri, match);
}
