/* What finwait can be told to do. */
#include "cli/verb_table.h"

#include "cli/verbs.h"

#include <assert.h>
#include <string.h>

static const struct verb_row rows[] = {
    {VERB_RUN, "run", verb_run, "PATH...", "run scripts and report",
     "Runs scripts against the stack in virtual time: files, and every *.pkt file below folders.\n"
     "A script that fails, is invalid or takes its process down does not keep the others from\n"
     "running; --fail-fast stops after the first. Results come in the order of the scripts,\n"
     "whatever the number of processes, and two runs print the same.\n"},
    {VERB_LADDER, "ladder", verb_ladder, "PATH...", "run scripts and draw what was seen",
     "Runs scripts and draws what was seen: packets as arrows, calls and states at the stack's "
     "side.\n"},
    {VERB_STATES, "states", verb_states, "PATH...",
     "run scripts and draw the state diagram with the edges they took",
     "Runs scripts and draws the diagram of RFC 9293, Figure 5, with every legal change of state\n"
     "and how often the runs took it, as text or as SVG.\n"},
    {VERB_LIST, "list", verb_list, "PATH...", "name scripts, with what they say of themselves",
     "Reads scripts without running them and prints for each its path, its IP versions, its\n"
     "options and the requirements it names. A script with errors is reported and makes the exit\n"
     "code 2.\n"},
    {VERB_DOCTOR, "doctor", verb_doctor, "", "check this machine for what finwait can use",
     "Checks this machine for what building, fuzzing and looking at results can use. For each: "
     "ok,\n"
     "or what is wrong and the command that mends it. Exit code 3 when something is missing that\n"
     "building or running needs; what only some uses need is a note.\n"},
    {VERB_FMT, "fmt", verb_fmt, "PATH...", "lay out scripts in the canonical way",
     "Rewrites scripts in canonical layout and names those that changed: an event a line, actions\n"
     "and comments below each other. Words, numbers and times stay as they are spelled, comments\n"
     "and paragraphs where they are. A script with errors is reported and not touched. With - as\n"
     "the only path a script is read from standard input and its layout written to standard\n"
     "output.\n"},
    {VERB_LINT, "lint", verb_lint, "PATH...", "find what is wrong with scripts that could be run",
     "Reads scripts without running them and tells what is certainly wrong with them: times that "
     "go\n"
     "back, expectations that nothing can meet, labels and descriptors before they are bound,\n"
     "unknown fields, and more. Exit code 1 when there are findings, 2 when a script cannot be\n"
     "read at all. The rules are listed in harness/scenario/README.md.\n"},
    {VERB_MATRIX, "matrix", verb_matrix, "PATH...", "which requirement is covered by which script",
     "Runs scripts, reads the requirements that they name (req MUST-5 SHLD-2) and shows for each\n"
     "requirement of corpus/requirements/ the scripts and a verdict. For a row of RFC 9293's "
     "section\n"
     "3.10 (EP-...) a script counts only if that event was processed in that state; a tag that "
     "the\n"
     "run does not bear out is an error. The exit code is 1 when there is one, when a script "
     "fails, or\n"
     "when a requirement of covered.tsv is covered no longer: that tells what the whole corpus "
     "covers, "
     "so\n"
     "a part of it always fails.\n"},
    {VERB_IMPORT, "import", verb_import, "CAPTURE", "make a script of a flow in a capture",
     "Prints a script in which the stack takes the place of one end of a flow: what the other end "
     "sent\n"
     "is injected at its times, the calls of the application are inferred from what this end "
     "sent,\n"
     "and the stack's own packets are filled in from a run. Timestamps, SACK and window scaling "
     "are\n"
     "left out, windows unscaled. - is standard input.\n"},
    {VERB_BLESS, "bless", verb_bless, "PATH...", "fill in what scripts expect from a run",
     "Runs scripts, lets be what they expect of the stack's packets, and shows how the lines of "
     "packets\n"
     "would have to read for them to pass. With --write the files are changed. What fits stays as "
     "it\n"
     "is spelled, comments stay, causes keep their times. A script in which an oracle fires is\n"
     "refused, and so is one that fails at anything else than packets. Tags (req ...) of a script "
     "that\n"
     "changes are taken out: they say that somebody held it against a rule. The exit code is 1 "
     "when a\n"
     "script is refused, or would change and --write is not given.\n"},
    {VERB_AUDIT, "audit", verb_audit, "CAPTURE...", "hold captures against the rules of TCP",
     "Reads captures (pcap, pcapng) of any TCPs and tells where a host breaks a rule that the "
     "wire\n"
     "shows: file, packet, rule and numbers. A finding is certain only if nothing that a capture\n"
     "lacks or a network card changes could explain it; others are marked doubtful, and rules "
     "that\n"
     "bind less than MUST are notes: neither makes the exit code 1. Where the capture shows "
     "everything\n"
     "as it was, as those of --pcapng do, say --exact. The oracles are listed in\n"
     "harness/oracle/README.md, how doubt is judged in harness/capture/README.md. - is standard "
     "input.\n"},
    {VERB_SHOW, "show", verb_show, "INPUT", "print a fuzz input as a script",
     "Reads an input of the fuzz targets that play causes (or a script, whose name ends in .pkt),\n"
     "runs it and prints it as a script in mode causes: what is done, and as comments what the "
     "stack\n"
     "did. The script runs as the input does, and encode makes the same input of it.\n"},
    {VERB_ENCODE, "encode", verb_encode, "SCRIPT", "make a fuzz input of a script",
     "Writes what a script does as octets for the fuzz targets that play causes. What no cause "
     "can\n"
     "say is an error (exit code 2); what the script expects is left out. The layout of the "
     "octets\n"
     "is told in harness/causes/README.md.\n"},
    {VERB_REPLAY, "replay", verb_replay, "INPUT...", "play findings of the fuzz targets again",
     "Plays inputs of the fuzz targets that play causes, or scripts that are such inputs (.pkt), "
     "each\n"
     "twice and each time in a process of its own, and tells of each: reproduced (the same "
     "finding\n"
     "both times, a crash or a hang among them), fixed (none), or flaky. The exit code is 1 when\n"
     "anything is reproduced or flaky, and 5 when nothing is.\n"},
    {VERB_MIN, "min", verb_min, "INPUT", "make a finding small",
     "Takes away from an input of the fuzz targets that play causes (or from a script that is "
     "one)\n"
     "whatever its finding does not need: causes first, then what their fields say. The finding "
     "stays\n"
     "the same one by the name of its oracle, or by how the process ends. Writes octets, or a "
     "script\n"
     "where the name of the output ends in .pkt; standard output gets the script. With --host, of "
     "an\n"
     "input of two hosts, what that one met is made small, as an input of one host. The exit code "
     "is 5\n"
     "when there is no finding, or the host alone does not show it.\n"},
    {VERB_CMIN, "cmin", verb_cmin, "FOLDER|INPUT...", "choose the inputs that matter",
     "Of many inputs of the fuzz targets that play causes, prints the names of those that together "
     "do all\n"
     "that any of them does, the smallest ones: by steps (state, cause or check, verdict) and "
     "changes of\n"
     "state, each roughly by how often. To copy them:\n"
     "finwait cmin FOLDER | xargs -d '\\n' cp -t SMALL. Inputs with a finding are left out, and "
     "the exit\n"
     "code is then 1. What in a folder cannot be read or makes no sense is told and left out, "
     "too;\n"
     "the exit code is then 3 or 2. By branches, fuzz_TARGET -merge=1 SMALL LARGE does the "
     "same.\n"},
    {VERB_SIM, "sim", verb_sim, "",
     "simulate two hosts on a bad network, with every oracle watching",
     "Runs one simulation for each seed: two hosts with applications that open, write, read, "
     "close\n"
     "and abort by chance, and a network between them that loses, delays, doubles, reorders and\n"
     "damages packets for a while. In the end everything must be over. A finding prints the seed "
     "and\n"
     "the command that does it again; the summary says what the runs exercised. The same seeds do\n"
     "the same, whatever the number of processes: the hash tells.\n"},
    {VERB_COMPLETION, "completion", verb_completion, "bash|zsh", "print the completion of a shell",
     "Prints what makes a shell complete verbs, options and their values. To try it:\n"
     "source <(finwait completion bash). An installation has both.\n"},
    {VERB_HELP, "help", verb_help, "[VERB]", "this text, or that of a verb",
     "Tells what finwait does, or what one of its verbs does. \"finwait help settings\" tells what "
     "--set\nchanges, \"finwait help oracles\" what every run is held against.\n"},
    {VERB_VERSION, "version", verb_version, "", "which finwait this is", "Prints the version.\n"},
};
#define ROW_COUNT (sizeof rows / sizeof rows[0])

const struct verb_row *verb_rows(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

const struct verb_row *verb_find(const char *name)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return &rows[i];
        }
    }
    return NULL;
}

const struct verb_row *verb_row_of(enum verb_bit bit)
{
    for (size_t i = 0; i < ROW_COUNT; i++) {
        if (rows[i].bit == bit) {
            return &rows[i];
        }
    }
    assert(false);
    return NULL;
}

void verb_help_text(const struct verb_row *verb, struct text *out)
{
    text_format(out, "usage: finwait %s [OPTION]...%s%s\n\n%s\n", verb->name,
                verb->arguments[0] == '\0' ? "" : " ", verb->arguments, verb->description);
    options_help(verb->bit, out);
    if ((verb->bit & (VERB_RUN | VERB_LADDER | VERB_STATES | VERB_LIST | VERB_FMT | VERB_LINT |
                      VERB_MATRIX | VERB_AUDIT | VERB_BLESS | VERB_IMPORT | VERB_SHOW |
                      VERB_ENCODE | VERB_REPLAY | VERB_MIN | VERB_CMIN | VERB_SIM)) != 0) {
        text_string(out, "\nexit codes:\n");
        verb_exit_codes(out);
    }
}

void verb_exit_codes(struct text *out)
{
    text_string(out,
                "  0  all as expected\n"
                "  1  a script failed, or something was found\n"
                "  2  the command line or a script makes no sense, or a path that is named "
                "does not exist\n"
                "  3  the stack or the environment is broken: a crash, a hang, a file or folder "
                "that is\n     there and cannot be read, a file that cannot be written\n"
                "  4  nothing ran\n"
                "  5  no finding was reproduced (replay, min)\n"
                "Where several apply, 3 wins over 2, and 2 over 1.\n");
}

void verb_environment(struct text *out)
{
    text_string(out, "  NO_COLOR         when set, no colours unless --color=always says so\n"
                     "  XDG_STATE_HOME   the folder below which finwait/failed/ keeps, for each "
                     "folder that\n                   finwait was run in, the scripts that did not "
                     "pass, for --rerun-failed;\n                   $HOME/.local/state when unset. "
                     "Nothing is kept while everything passes\n");
}
