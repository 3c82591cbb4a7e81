/* See replay_file.h. */
#include "cli/replay_file.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* How one process ended. */
struct ending {
    bool has_begun;
    int status;                     /* as wait() tells */
    char words[REPLAY_WORDS_BYTES]; /* its last line that is not indented */
};

const char *replay_state_name(enum replay_state state)
{
    switch (state) {
    case REPLAY_REPRODUCED:
        return "reproduced";
    case REPLAY_FIXED:
        return "fixed";
    case REPLAY_FLAKY:
        return "flaky";
    case REPLAY_REFUSED:
        return "refused";
    }
    return "?";
}

/* Reads to the end and keeps the last line that is neither empty nor indented, as the place is that an error is
 * shown at. */
static void keep_last_line(int from, char words[REPLAY_WORDS_BYTES])
{
    FILE *stream = fdopen(from, "r");
    char line[REPLAY_WORDS_BYTES];
    words[0] = '\0';
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] != '\0' && line[0] != ' ') {
            memcpy(words, line, sizeof line);
        }
    }
    if (stream != NULL) {
        (void)fclose(stream);
    }
}

static _Noreturn void play_here(const char *path, replay_player *play, uint32_t timeout_s,
                                int words)
{
    (void)dup2(words, STDERR_FILENO);
    (void)close(words);
    (void)alarm(timeout_s); /* SIGALRM ends the process */
    const int code = play(path);
    (void)fflush(stderr);
    _exit(code);
}

static void play_once(const char *path, replay_player *play, uint32_t timeout_s, struct ending *out)
{
    int ends[2];
    *out = (struct ending){0};
    (void)fflush(stdout);
    if (pipe(ends) != 0) {
        return;
    }
    const pid_t child = fork();
    if (child == 0) {
        (void)close(ends[0]);
        play_here(path, play, timeout_s, ends[1]);
    }
    (void)close(ends[1]);
    keep_last_line(ends[0], out->words);
    pid_t waited = child;
    do {
        waited = child < 0 ? -1 : waitpid(child, &out->status, 0);
    } while (waited < 0 && child > 0 && errno == EINTR);
    out->has_begun = waited == child && child > 0;
}

/* Told apart by how they ended and what they said. */
static bool is_same(const struct ending *a, const struct ending *b)
{
    return a->status == b->status && strcmp(a->words, b->words) == 0;
}

static bool is_finding(const struct ending *ending)
{
    return WIFSIGNALED(ending->status) || WEXITSTATUS(ending->status) == 1;
}

static bool is_refusal(const struct ending *ending)
{
    return !is_finding(ending) && WEXITSTATUS(ending->status) != 0;
}

static void say(const struct ending *ending, struct replay_outcome *out)
{
    if (WIFSIGNALED(ending->status)) {
        const int signal = WTERMSIG(ending->status);
        (void)snprintf(out->words, sizeof out->words, "%s: %.900s",
                       signal == SIGALRM ? "it hangs" : strsignal(signal), ending->words);
    } else {
        memcpy(out->words, ending->words, sizeof out->words);
    }
}

void replay_file(const char *path, replay_player *play, uint32_t timeout_s,
                 struct replay_outcome *out)
{
    struct ending first, second;
    *out = (struct replay_outcome){.state = REPLAY_REFUSED, .code = 3};
    play_once(path, play, timeout_s, &first);
    play_once(path, play, timeout_s, &second);
    if (!first.has_begun || !second.has_begun) {
        (void)snprintf(out->words, sizeof out->words, "no process can be started");
    } else if (is_refusal(&first)) {
        out->code = WEXITSTATUS(first.status);
        say(&first, out);
    } else if (!is_same(&first, &second)) {
        out->state = REPLAY_FLAKY;
        say(is_finding(&first) ? &first : &second, out);
    } else if (is_finding(&first)) {
        out->state = REPLAY_REPRODUCED;
        say(&first, out);
    } else {
        out->state = REPLAY_FIXED;
    }
}
