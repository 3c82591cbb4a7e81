/* One input, played twice, each time in a process of its own: a finding may be a crash, and what a
 * process did before must not matter. */
#ifndef FINWAIT_CLI_REPLAY_FILE_H
#define FINWAIT_CLI_REPLAY_FILE_H

#include <stdint.h>

enum replay_state {
    REPLAY_REPRODUCED, /* the same finding both times */
    REPLAY_FIXED,      /* no finding */
    REPLAY_FLAKY,      /* once this, once that: itself a finding */
    REPLAY_REFUSED,    /* it is no input: `code` says of what kind the trouble is */
};

#define REPLAY_WORDS_BYTES 1024

struct replay_outcome {
    enum replay_state state;
    int code;                       /* REFUSED: the exit code */
    char words[REPLAY_WORDS_BYTES]; /* what was found, or what is wrong; "" for FIXED */
};

/* Plays a file: 0, or 1 with the finding printed to standard error as its last line, or another exit
 * code with the trouble there. It may crash as well. */
typedef int replay_player(const char *path);

/* The words are the last line that the player said, and how it ended if it did not return. A player
 * that takes longer than `timeout_s` seconds of real time is stopped: a finding, too. */
void replay_file(const char *path, replay_player *play, uint32_t timeout_s,
                 struct replay_outcome *out);

/* Plays a list of causes, or a script that is one, in the world of the fuzz targets: a replay_player. */
int replay_play(const char *path);

#define EXIT_FOUND          1
#define EXIT_NOT_REPRODUCED 5

/* "reproduced" "fixed" "flaky" "refused". Never NULL. */
const char *replay_state_name(enum replay_state state);

#endif
