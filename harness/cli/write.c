/* Whole texts to standard output or into a file, with a word about what went wrong. */
#include "cli/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int cannot(const char *verb, const char *what, int error)
{
    (void)fprintf(stderr, "finwait %s: cannot write %s: %s\n", verb, what, strerror(error));
    return EXIT_BROKEN;
}

/* 0, or why not. */
static int write_to(FILE *stream, const struct text *words)
{
    errno = 0;
    const bool is_written =
        fwrite(text_read(words), 1, words->length, stream) == words->length && fflush(stream) == 0;
    return is_written ? 0 : (errno != 0 ? errno : EIO);
}

FILE *stream_of_report(const struct request *request)
{
    const char *const files[] = {request->junit, request->markdown, request->html, request->svg,
                                 request->covered};
    bool is_taken = false;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        is_taken = is_taken || path_is_stdout(files[i]);
    }
    return is_taken ? stderr : stdout;
}

int write_report(const char *verb, const struct request *request, const struct text *words)
{
    FILE *const stream = stream_of_report(request);
    const int error = write_to(stream, words);
    return error == 0
               ? 0
               : cannot(verb, stream == stdout ? "standard output" : "standard error", error);
}

int write_out(const char *verb, const struct text *words)
{
    const int error = write_to(stdout, words);
    return error == 0 ? 0 : cannot(verb, "standard output", error);
}

int write_file(const char *verb, const char *path, const struct text *words)
{
    if (path_is_stdout(path)) {
        return write_out(verb, words);
    }
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return cannot(verb, path, errno);
    }
    int error = write_to(file, words);
    if (fclose(file) != 0 && error == 0) {
        error = errno;
    }
    return error == 0 ? 0 : cannot(verb, path, error);
}
