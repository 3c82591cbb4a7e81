/* Runs inputs through a target without any fuzzing engine: files, and all files below folders; each
 * twice, and the trace must be the same where the target has one. Any
 * compiler builds it, so that every old input is replayed in every test run.
 *
 * Exit codes: 0 all ran, 2 usage, 3 a path cannot be read, 4 there was none; a finding aborts. */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "finding.h"
#include "page.h"
#include "target.h"

#define INPUT_BYTES_MAX ((size_t)1 << 20)

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    uint8_t *bytes = malloc(INPUT_BYTES_MAX);
    const size_t count = bytes == NULL ? 0 : fread(bytes, 1, INPUT_BYTES_MAX, file);
    const int is_broken = bytes == NULL || ferror(file);
    (void)fclose(file);
    if (is_broken) {
        (void)fprintf(stderr, "%s: cannot be read\n", path);
        free(bytes);
        return -1;
    }
    /* Memory of exactly the input's size, so that a sanitizer sees a read behind its end. */
    uint8_t *exact = malloc(count == 0 ? 1 : count);
    if (exact == NULL) {
        (void)fputs("out of memory\n", stderr);
        exit(3);
    }
    memcpy(exact, bytes, count);
    free(bytes);
    (void)printf("%s (%zu bytes)\n", path, count);
    (void)fflush(stdout);
    (void)LLVMFuzzerTestOneInput(exact, count);
    const uint64_t hash = campaign_page()->last_hash;
    (void)LLVMFuzzerTestOneInput(exact, count);
    law(campaign_page()->last_hash == hash, "the same input does the same, octet for octet", path);
    free(exact);
    return 1;
}

static int replay_path(const char *path);

static int replay_folder(const char *path)
{
    struct dirent **entries = NULL;
    const int count = scandir(path, &entries, NULL, alphasort);
    int done = 0;
    for (int i = 0; i < count; i++) {
        char inner[4096];
        const int length = snprintf(inner, sizeof inner, "%s/%s", path, entries[i]->d_name);
        const bool is_meant = length > 0 && (size_t)length < sizeof inner &&
                              entries[i]->d_name[0] != '.' && done >= 0;
        const int result = is_meant ? replay_path(inner) : 0;
        done = result < 0 ? -1 : done + result;
        free(entries[i]);
    }
    free(entries);
    return count < 0 ? -1 : done;
}

/* How many inputs it holds; below 0: it cannot be read. What is neither file nor folder is passed over. */
static int replay_path(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        (void)fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return -1;
    }
    if (S_ISDIR(status.st_mode)) {
        return replay_folder(path);
    }
    return S_ISREG(status.st_mode) ? replay_file(path) : 0;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
        return 2;
    }
    finding_explain_death();
    int done = 0;
    for (int i = 1; i < argc; i++) {
        const int result = replay_path(argv[i]);
        if (result < 0) {
            return 3;
        }
        done += result;
    }
    (void)printf("%d inputs replayed\n", done);
    return done == 0 ? 4 : 0;
}
