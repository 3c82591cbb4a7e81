/* The fixed names of the language, shared by parser and printer so that they cannot disagree. */
#ifndef FINWAIT_SCENARIO_NAMES_H
#define FINWAIT_SCENARIO_NAMES_H

#include "scenario/scenario.h"

/* "iss" ... "rcv.edge". NULL for SCRIPT and ABSOLUTE, which have none. */
const char *scenario_base_name(enum scenario_base base);
bool scenario_base_find(const char *text, size_t length, enum scenario_base *out);
const char *const *scenario_base_names(size_t *count);

/* "noecn" "ect0" ...; NULL for UNSAID. */
const char *scenario_ecn_name(enum scenario_ecn ecn);

/* "drop" "delay" "duplicate" "corrupt" "mark" */
const char *scenario_edit_name(enum scenario_edit_kind kind);

/* "==" "!=" ... */
const char *scenario_compare_name(enum scenario_compare compare);

/* The letters of a flags word in canonical order, without ACK's '.', which comes last. */
struct scenario_flag_letter {
    char letter;
    uint16_t bit; /* enum tcp_flag */
};
#define SCENARIO_FLAG_LETTER_COUNT 8
extern const struct scenario_flag_letter scenario_flag_letters[SCENARIO_FLAG_LETTER_COUNT];

/* Options without a value that can be left out: "nop", "sackOK"... Names of all option kinds; "" for
 * RAW, which goes by its number. */
const char *scenario_option_name(enum scenario_option_kind kind);

#endif
