/* Descriptors of a script are names: the result of socket() or accept() binds one to whatever the
 * system under test returned. */
#include "run/runner.h"

struct descriptor *descriptors_find(const struct run *run, int64_t name)
{
    for (size_t i = 0; i < run->descriptor_count; i++) {
        if (run->descriptors[i]->name == name) {
            return run->descriptors[i];
        }
    }
    return NULL;
}

/* A name may be bound again after close(). A blocked call keeps its old entry. */
void descriptors_bind(struct run *run, int64_t name, int fd)
{
    struct descriptor *const entry = arena_take(run->arena, sizeof *entry);
    *entry = (struct descriptor){name, fd, RUN_NO_CONNECTION};
    for (size_t i = 0; i < run->descriptor_count; i++) {
        if (run->descriptors[i]->name == name) {
            run->descriptors[i] = entry;
            return;
        }
    }
    void *items = run->descriptors;
    arena_grow(run->arena, &items, &run->descriptor_capacity, run->descriptor_count,
               sizeof *run->descriptors);
    run->descriptors = items;
    run->descriptors[run->descriptor_count++] = entry;
}

void descriptors_unbind(struct run *run, int64_t name)
{
    descriptors_bind(run, name, -1);
}

struct connection *descriptors_connection(struct run *run, struct descriptor *entry)
{
    if (entry == NULL) {
        return NULL;
    }
    if (entry->connection != RUN_NO_CONNECTION) {
        return run->connections[entry->connection];
    }
    const struct sut_call call = {.kind = SUT_CALL_FLOW, .fd = entry->fd};
    const struct sut_result result = run->sut->call(run->instance, run->now, &call);
    if (result.error != NULL || result.flow.remote.port == 0) {
        return NULL;
    }
    struct connection *const connection = connections_of_flow(run, &result.flow);
    if (connection != NULL) {
        entry->connection = connection->index;
    }
    return connection;
}
