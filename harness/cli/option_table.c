/* What there is to be chosen, in the order in which help shows it. */
#include "cli/option_table.h"

#include <assert.h>
#include <stddef.h>

/* The member of struct request that an option fills, for a number with its bounds; or none. */
#define INTO(member)                 offsetof(struct request, member), 0, 0
#define BETWEEN(member, least, most) offsetof(struct request, member), least, most
#define BY_ITSELF                    0, 0, 0

#define RUNNING (VERB_RUN | VERB_LADDER | VERB_STATES)
#define JUDGING (RUNNING | VERB_MATRIX)
#define LISTING (JUDGING | VERB_LIST | VERB_LINT)
#define ALL                                                                                        \
    (LISTING | VERB_FMT | VERB_AUDIT | VERB_BLESS | VERB_IMPORT | VERB_SHOW | VERB_ENCODE |        \
     VERB_REPLAY | VERB_MIN | VERB_CMIN | VERB_SIM | VERB_DOCTOR | VERB_HELP | VERB_COMPLETION |   \
     VERB_VERSION)

const struct option_row option_rows[OPTION_COUNT] = {
    {OPTION_IP, 0, "ip", OPTION_VALUE_WORD, "4|6|both", "4|6|both", JUDGING,
     "IP version, where a script allows it (both; ladder: 4)", BY_ITSELF},
    {OPTION_MODE, 0, "mode", OPTION_VALUE_WORD, "MODE", "strict|compat|portable", JUDGING,
     "strict, compat or portable: how much of what is seen is compared", BY_ITSELF},
    {OPTION_PROFILE, 0, "profile", OPTION_VALUE_WORD, "NAME", NULL, JUDGING,
     "the set of configuration values to start from", BY_ITSELF},
    {OPTION_SET, 0, "set", OPTION_VALUE_SETTING, "NAME=VALUE", NULL, JUDGING | VERB_SIM | VERB_SHOW,
     "change a configuration value, over what scripts set; repeatable", BY_ITSELF},
    {OPTION_DEFINE, 'D', "define", OPTION_VALUE_WORD, "SYM=VALUE", NULL, LISTING,
     "replace the word SYM wherever a script has it; repeatable", BY_ITSELF},
    {OPTION_ORACLES, 0, "oracles", OPTION_VALUE_WORD, "ID,...", NULL, VERB_RUN,
     "judge by these oracles alone (or all), not by the scripts", BY_ITSELF},
    {OPTION_ORACLE_COUNTS, 0, "oracle-counts", OPTION_VALUE_NONE, NULL, NULL,
     VERB_RUN | VERB_AUDIT | VERB_SIM, "tell how often each oracle came to a verdict",
     INTO(wants_oracle_counts)},
    {OPTION_TOLERANCE, 0, "tolerance_usecs", OPTION_VALUE_NUMBER, "N", NULL, RUNNING,
     "let a packet be this many microseconds off", BETWEEN(tolerance_us, 0, UINT32_MAX)},
    {OPTION_RELOCATE, 0, "relocate", OPTION_VALUE_NONE, NULL, NULL, RUNNING,
     "move the whole stack to fresh memory after every step", INTO(relocates)},
    {OPTION_FILTER, 'f', "filter", OPTION_VALUE_WORD, "PATTERN", NULL, LISTING | VERB_FMT,
     "only scripts whose path fits: a part, a glob or /regex/; repeatable", BY_ITSELF},
    {OPTION_RERUN_FAILED, 0, "rerun-failed", OPTION_VALUE_NONE, NULL, NULL, VERB_RUN | VERB_LIST,
     "only scripts that did not pass when they were last run in this folder", INTO(reruns_failed)},
    {OPTION_SHUFFLE, 0, "shuffle", OPTION_VALUE_WORD, "SEED", NULL, VERB_RUN | VERB_LIST,
     "another order, the same for the same number; or \"random\"", BY_ITSELF},
    {OPTION_REPEAT, 0, "repeat", OPTION_VALUE_NUMBER, "N", NULL, VERB_RUN,
     "run everything N times, each time from disk", BETWEEN(repeat, 1, 1000000000)},
    {OPTION_KEEP_GOING, 'k', "keep-going", OPTION_VALUE_NONE, NULL, NULL, VERB_RUN,
     "run on after a failure (so it is without this option, too)", BY_ITSELF},
    {OPTION_FAIL_FAST, 'x', "fail-fast", OPTION_VALUE_NONE, NULL, NULL, VERB_RUN | VERB_SIM,
     "stop after the first script that does not pass", INTO(stops_early)},
    {OPTION_JOBS, 'j', "jobs", OPTION_VALUE_NUMBER, "N", NULL, VERB_RUN | VERB_STATES | VERB_SIM,
     "run in N processes (as many as there are processors); 0: in this one",
     BETWEEN(jobs, 0, 1024)},
    {OPTION_TIMEOUT, 0, "timeout", OPTION_VALUE_NUMBER, "SECONDS", NULL,
     VERB_RUN | VERB_STATES | VERB_REPLAY | VERB_SIM,
     "real time after which a script that hangs is stopped (60)", BETWEEN(timeout_s, 1, 86400)},
    {OPTION_LADDER, 0, "ladder", OPTION_VALUE_NONE, NULL, NULL, VERB_RUN | VERB_AUDIT,
     "draw every run, or the packets around every finding, as a ladder", INTO(wants_ladder)},
    {OPTION_ASCII, 0, "ascii", OPTION_VALUE_NONE, NULL, NULL, RUNNING | VERB_AUDIT, "draw in ASCII",
     INTO(is_ascii)},
    {OPTION_ISN, 0, "isn", OPTION_VALUE_NONE, NULL, NULL, VERB_RUN | VERB_LADDER,
     "ladders tell the initial sequence numbers behind the 0 of a SYN", INTO(shows_isn)},
    {OPTION_SVG, 0, "svg", OPTION_VALUE_FILE, "FILE", NULL, VERB_LADDER | VERB_STATES | VERB_MATRIX,
     "draw as SVG into a file (- is standard output)", INTO(svg)},
    {OPTION_EDGES, 0, "edges", OPTION_VALUE_NONE, NULL, NULL, VERB_MATRIX,
     "show transitions, and events in states, in place of requirements", INTO(wants_edges)},
    {OPTION_ONLY, 0, "only", OPTION_VALUE_TEXT, "PART", NULL, VERB_MATRIX,
     "only what fits: id, level, section, verdict; A,B: both; or decisions", INTO(only)},
    {OPTION_MARKDOWN, 0, "md", OPTION_VALUE_FILE, "FILE", NULL, VERB_MATRIX,
     "write the matrix as Markdown", INTO(markdown)},
    {OPTION_HTML, 0, "html", OPTION_VALUE_FILE, "FILE", NULL, VERB_MATRIX,
     "write the matrix as HTML", INTO(html)},
    {OPTION_COVERED, 0, "write-covered", OPTION_VALUE_FILE, "FILE", NULL, VERB_MATRIX,
     "write the list of requirements that are covered now", INTO(covered)},
    {OPTION_REQUIREMENTS, 0, "requirements", OPTION_VALUE_FILE, "FOLDER", NULL, VERB_MATRIX,
     "where the tables are (corpus/requirements)", INTO(requirements)},
    {OPTION_PCAPNG, 0, "pcapng", OPTION_VALUE_FILE, "PATH", NULL, VERB_RUN,
     "write the packets: one script to a file, several to a folder", INTO(pcapng)},
    {OPTION_TRACE, 0, "trace", OPTION_VALUE_FILE, "FILE", NULL, VERB_RUN,
     "write all that was seen, as text (- is standard output)", INTO(trace)},
    {OPTION_TAP, 0, "tap", OPTION_VALUE_NONE, NULL, NULL, VERB_RUN | VERB_REPLAY,
     "report in the Test Anything Protocol", INTO(wants_tap)},
    {OPTION_JSON, 0, "json", OPTION_VALUE_NONE, NULL, NULL,
     VERB_RUN | VERB_LIST | VERB_LINT | VERB_STATES | VERB_AUDIT | VERB_DOCTOR,
     "report in JSON: a line for each run, script, edge or finding", INTO(wants_json)},
    {OPTION_JUNIT, 0, "junit", OPTION_VALUE_FILE, "FILE", NULL, VERB_RUN | VERB_REPLAY,
     "write a JUnit report (XML) besides; -: on standard output, alone there", INTO(junit)},
    {OPTION_GITHUB, 0, "github", OPTION_VALUE_NONE, NULL, NULL, VERB_RUN | VERB_REPLAY,
     "annotate failures for GitHub; on standard error with --tap or --json", INTO(wants_github)},
    {OPTION_EXACT, 0, "exact", OPTION_VALUE_NONE, NULL, NULL, VERB_AUDIT,
     "nothing is missing, late or left to a network card: no doubt", INTO(is_exact)},
    {OPTION_SEVERE, 0, "severe", OPTION_VALUE_NONE, NULL, NULL, VERB_AUDIT,
     "doubtful findings make the exit code 1, too", INTO(is_severe)},
    {OPTION_SIDE, 0, "side", OPTION_VALUE_TEXT, "HOST", NULL, VERB_AUDIT | VERB_IMPORT,
     "audit: only what these addresses sent; import: a (opener), b or address", INTO(side)},
    {OPTION_FLOW, 0, "flow", OPTION_VALUE_NUMBER, "N", NULL, VERB_IMPORT,
     "the N-th flow of the capture (1)", BETWEEN(flow, 1, UINT32_MAX)},
    {OPTION_WRITE, 'w', "write", OPTION_VALUE_NONE, NULL, NULL, VERB_BLESS,
     "change the scripts; without it the changes are only shown", INTO(writes)},
    {OPTION_RESULTS, 0, "results", OPTION_VALUE_NONE, NULL, NULL, VERB_BLESS,
     "take results of calls from the run, too", INTO(takes_results)},
    {OPTION_NO_RUN, 0, "no-run", OPTION_VALUE_NONE, NULL, NULL, VERB_SHOW,
     "do not run it: the script alone, without what the stack did", INTO(skips_run)},
    {OPTION_CONCRETE, 0, "concrete", OPTION_VALUE_NONE, NULL, NULL, VERB_SHOW,
     "run it, and say numbers in place of references", INTO(is_concrete)},
    {OPTION_RELATIVE, 0, "relative", OPTION_VALUE_NONE, NULL, NULL, VERB_ENCODE,
     "run it, and say numbers as references to what is nearest, for seeds", INTO(is_relative)},
    {OPTION_HOST, 0, "host", OPTION_VALUE_TEXT, "a|b", NULL, VERB_SHOW | VERB_MIN,
     "of two hosts this one alone: what it met, as a script of one host", INTO(host)},
    {OPTION_OUTPUT, 'o', "output", OPTION_VALUE_FILE, "FILE", NULL,
     VERB_SHOW | VERB_ENCODE | VERB_MIN, "write into a file (- is standard output)", INTO(output)},
    {OPTION_SEED, 0, "seed", OPTION_VALUE_NUMBER, "N", NULL, VERB_SIM | VERB_SHOW,
     "sim: the first seed (1); show: of the simulated run to print", BETWEEN(seed, 0, UINT32_MAX)},
    {OPTION_RUNS, 0, "runs", OPTION_VALUE_NUMBER, "N", NULL, VERB_SIM,
     "how many seeds, one run each (1000)", BETWEEN(runs, 1, UINT32_MAX)},
    {OPTION_OCTETS, 0, "octets", OPTION_VALUE_NONE, NULL, NULL, VERB_SIM,
     "write every packet to octets and read it from them, for W01 and W02", INTO(wants_octets)},
    {OPTION_MINIMIZE, 0, "minimize", OPTION_VALUE_NONE, NULL, NULL, VERB_SIM | VERB_SHOW,
     "print what is found as a script, as small as does it", INTO(minimizes)},
    {OPTION_CHECK, 0, "check", OPTION_VALUE_NONE, NULL, NULL, VERB_FMT,
     "change nothing, name the scripts that would change; exit 1 if any would", INTO(only_checks)},
    {OPTION_QUIET, 'q', "quiet", OPTION_VALUE_NONE, NULL, NULL,
     VERB_RUN | VERB_MATRIX | VERB_AUDIT | VERB_SIM, "show only what did not pass, and the summary",
     INTO(is_quiet)},
    {OPTION_COLOR, 0, "color", OPTION_VALUE_WORD, "WHEN", "auto|always|never", VERB_RUN,
     "auto, always or never", BY_ITSELF},
    {OPTION_MAN, 0, "man", OPTION_VALUE_NONE, NULL, NULL, VERB_HELP,
     "the manual page of the whole command, in roff", INTO(wants_man)},
    {OPTION_HELP, 'h', "help", OPTION_VALUE_NONE, NULL, NULL, ALL, "this text", INTO(wants_help)},
};

const struct option_row *option_row_of(enum option_id id)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (option_rows[i].id == id) {
            return &option_rows[i];
        }
    }
    assert(false);
    return NULL;
}
