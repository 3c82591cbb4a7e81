/* How fast a target plays: the inputs of a folder, read once, over and over in this process, for so many
 * seconds of its own processor time. Prints one line of words that scripts/bench reads.
 *
 *   speed_TARGET SECONDS FOLDER
 *
 * Exit codes: 0 measured, 2 usage, 3 the folder cannot be read, 4 it holds no input. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "page.h"
#include "target.h"

#define INPUT_BYTES_MAX 65536

struct input {
    uint8_t *bytes;
    size_t count;
};

struct inputs {
    struct input *items;
    size_t count;
};

static void *must(void *memory)
{
    if (memory == NULL) {
        (void)fputs("out of memory\n", stderr);
        exit(3);
    }
    return memory;
}

static bool read_input(const char *path, struct input *out)
{
    static uint8_t room[INPUT_BYTES_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    out->count = fread(room, 1, sizeof room, file);
    out->bytes = memcpy(must(malloc(out->count + 1)), room, out->count);
    const bool is_whole = !ferror(file);
    (void)fclose(file);
    return is_whole;
}

/* In the order of their names, so that two runs play the same. */
static bool read_inputs(const char *folder, struct inputs *out)
{
    struct dirent **entries = NULL;
    const int count = scandir(folder, &entries, NULL, alphasort);
    bool is_read = count >= 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (is_read && entries[i]->d_name[0] != '.') {
            out->items = must(realloc(out->items, (out->count + 1) * sizeof *out->items));
            is_read = read_input(path, &out->items[out->count]);
            out->count += is_read;
        }
        free(entries[i]);
    }
    free(entries);
    return is_read;
}

static double seconds_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static uint64_t play_all(const struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        (void)LLVMFuzzerTestOneInput(inputs->items[i].bytes, inputs->items[i].count);
    }
    return inputs->count;
}

static void measure(const struct inputs *inputs, double seconds)
{
    (void)play_all(inputs); /* reaches every starting point, and warms what a campaign has warm */
    const struct campaign_page before = *campaign_page();
    const double start = seconds_now();
    uint64_t executions = 0;
    double took = 0;
    do {
        executions += play_all(inputs);
        took = seconds_now() - start;
    } while (took < seconds);
    const struct campaign_page *const after = campaign_page();
    const uint64_t events = after->events - before.events;
    const uint64_t injected = after->injected - before.injected;
    (void)printf("inputs %zu executions %" PRIu64 " seconds %.2f executions/s %.0f events/s %.0f "
                 "events/execution %.1f acceptable %.1f%% host %" PRIu64 "\n",
                 inputs->count, executions, took, (double)executions / took, (double)events / took,
                 (double)events / (double)executions,
                 injected == 0
                     ? 0
                     : 100.0 * (double)(after->acceptable - before.acceptable) / (double)injected,
                 after->host_bytes);
}

static void free_inputs(struct inputs *inputs)
{
    for (size_t i = 0; i < inputs->count; i++) {
        free(inputs->items[i].bytes);
    }
    free(inputs->items);
}

int main(int argc, char **argv)
{
    char *end = NULL;
    const double seconds = argc == 3 ? strtod(argv[1], &end) : -1;
    if (argc != 3 || *end != '\0' || seconds < 0) {
        (void)fprintf(stderr, "usage: %s SECONDS FOLDER\n", argv[0]);
        return 2;
    }
    struct inputs inputs = {0};
    if (!read_inputs(argv[2], &inputs)) {
        return 3;
    }
    if (inputs.count == 0) {
        (void)fprintf(stderr, "%s: no inputs\n", argv[2]);
        return 4;
    }
    measure(&inputs, seconds);
    free_inputs(&inputs);
    return 0;
}
