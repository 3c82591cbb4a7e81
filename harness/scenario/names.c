/* See names.h. */
#include "scenario/names.h"

#include <string.h>

#include "tcp/segment.h"

static const char *const base_names[] = {"iss",      "irs",     "snd.una", "snd.nxt",
                                         "snd.edge", "rcv.nxt", "rcv.edge"};
#define BASE_COUNT (sizeof base_names / sizeof base_names[0])

const char *scenario_base_name(enum scenario_base base)
{
    return base < SCENARIO_BASE_ISS ? NULL : base_names[base - SCENARIO_BASE_ISS];
}

bool scenario_base_find(const char *text, size_t length, enum scenario_base *out)
{
    for (size_t i = 0; i < BASE_COUNT; i++) {
        if (strlen(base_names[i]) == length && memcmp(base_names[i], text, length) == 0) {
            *out = (enum scenario_base)(SCENARIO_BASE_ISS + i);
            return true;
        }
    }
    return false;
}

const char *const *scenario_base_names(size_t *count)
{
    *count = BASE_COUNT;
    return base_names;
}

const char *scenario_ecn_name(enum scenario_ecn ecn)
{
    switch (ecn) {
    case SCENARIO_ECN_UNSAID:
        return NULL;
    case SCENARIO_ECN_NONE:
        return "noecn";
    case SCENARIO_ECN_ECT0:
        return "ect0";
    case SCENARIO_ECN_ECT1:
        return "ect1";
    case SCENARIO_ECN_CE:
        return "ce";
    case SCENARIO_ECN_ECT01:
        return "ect01";
    }
    return NULL;
}

const char *scenario_compare_name(enum scenario_compare compare)
{
    static const char *const names[] = {"==", "!=", "<", "<=", ">", ">="};
    return names[compare];
}

const struct scenario_flag_letter scenario_flag_letters[SCENARIO_FLAG_LETTER_COUNT] = {
    {'F', TCP_FLAG_FIN}, {'S', TCP_FLAG_SYN}, {'R', TCP_FLAG_RST}, {'P', TCP_FLAG_PSH},
    {'E', TCP_FLAG_ECE}, {'W', TCP_FLAG_CWR}, {'A', TCP_FLAG_AE},  {'U', TCP_FLAG_URG},
};

const char *scenario_option_name(enum scenario_option_kind kind)
{
    static const char *const names[] = {"nop", "eol",   "mss", "wscale", "sackOK", "sack", "TS",
                                        "FO",  "FOEXP", "md5", "ECN",    "octets", ""};
    return names[kind];
}

const char *scenario_edit_name(enum scenario_edit_kind kind)
{
    static const char *const names[SCENARIO_EDIT_COUNT] = {
        "drop", "delay", "duplicate", "corrupt", "mark", "mtu", "unreachable", "part"};
    return names[kind];
}
