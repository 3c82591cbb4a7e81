/* The command line of every verb: what it asks for, read by getopt_long from the one table of
 * options. */
#ifndef FINWAIT_CLI_OPTIONS_H
#define FINWAIT_CLI_OPTIONS_H

#include "base/text.h"
#include "run/run.h"
#include "scenario/parse.h"

/* Which verbs an option belongs to. */
enum verb_bit {
    VERB_RUN = 1u << 0,
    VERB_LADDER = 1u << 1,
    VERB_STATES = 1u << 2,
    VERB_LIST = 1u << 3,
    VERB_DOCTOR = 1u << 4,
    VERB_COMPLETION = 1u << 5,
    VERB_HELP = 1u << 6,
    VERB_VERSION = 1u << 7,
    VERB_FMT = 1u << 8,
    VERB_LINT = 1u << 9,
    VERB_MATRIX = 1u << 10,
    VERB_AUDIT = 1u << 11,
    VERB_BLESS = 1u << 12,
    VERB_IMPORT = 1u << 13,
    VERB_SHOW = 1u << 14,
    VERB_ENCODE = 1u << 15,
    VERB_REPLAY = 1u << 16,
    VERB_MIN = 1u << 17,
    VERB_SIM = 1u << 18,
    VERB_CMIN = 1u << 19,
};

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* What a command line asks for. Lives in the arena given to options_parse(). */
struct request {
    bool wants_help;
    bool has_jobs;
    uint32_t jobs; /* workers; 0: no worker, everything in this process */
    bool wants_ladder, is_ascii, shows_isn;
    bool wants_tap, wants_json, wants_github, wants_man, is_quiet, relocates;
    bool wants_oracle_counts; /* how often each came to a verdict */
    bool stops_early;         /* after the first script that does not pass */
    bool only_checks;         /* what would be formatted */
    bool reruns_failed;       /* only what did not pass last time */
    bool is_exact;            /* audit: the capture shows everything as it was */
    bool is_severe;           /* audit: doubt fails */
    const char *side;         /* audit: addresses with commas between; or NULL */
    bool writes;              /* bless: into the files */
    bool takes_results;       /* bless: of calls */
    uint32_t flow;            /* import: its number */
    bool skips_run;           /* show: nothing but the causes */
    bool is_concrete;         /* show: numbers in place of references */
    const char *host;         /* show, min: "a" or "b" of two, alone; or NULL */
    bool is_relative;         /* encode: references in place of numbers */
    const char *output;       /* show, encode: file, or NULL */
    bool has_shuffle;
    uint64_t shuffle_seed;
    const char *pcapng;                    /* file or folder, or NULL */
    const char *trace;                     /* file, or NULL */
    const char *junit;                     /* file, or NULL */
    const char *svg;                       /* file, "-", or NULL */
    bool wants_edges;                      /* matrix: transitions in place of requirements */
    const char *markdown, *html, *covered; /* matrix: files, or NULL */
    const char *requirements;              /* matrix: the folder of the tables */
    const char *only;     /* matrix: part of the ids, or a level or verdict; or NULL */
    const char **filters; /* patterns for paths: scripts.h */
    size_t filter_count, filter_capacity;
    uint32_t seed, runs; /* sim: the first seed, and how many */
    bool has_seed, minimizes;
    bool wants_octets; /* sim: every packet is written to octets */
    bool runs_ipv4, runs_ipv6;
    bool has_mode;
    enum run_mode mode;
    const char *profile; /* or NULL */
    const char *oracles; /* that judge in place of the scripts; or NULL */
    bool has_tolerance;
    uint32_t tolerance_us;
    const char **settings; /* "name=value" */
    size_t setting_count, setting_capacity;
    struct parse_definition *definitions;
    size_t definition_count, definition_capacity;
    uint32_t repeat;
    uint32_t timeout_s;
    enum color_choice color;
    const char *const *paths;
    size_t path_count;
};

/* Reads the words after the verb (argv[0] is the verb). False when they make no sense; then
 * `complaint` says why, in a line or two. */
bool options_parse(enum verb_bit verb, int argc, char **argv, struct arena *arena,
                   struct request *out, struct text *complaint);

/* Is a file that is to be written standard output? NULL is not. */
bool path_is_stdout(const char *path);

/* Adds the options of a verb, one a line, aligned. */
void options_help(enum verb_bit verb, struct text *out);

/* Adds the options among those given that change what a run does, each with a blank before it: what
 * a command that replays the run must say too. */
void options_replay(const struct request *request, struct text *out);

/* Adds a word so that a shell reads it back as it is. */
void shell_word(const char *word, struct text *out);

#endif
