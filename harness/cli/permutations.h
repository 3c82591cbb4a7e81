/* A script with `--values=NAME=a,b` runs once for each value, and for each combination where several
 * words have values. A word that the command line defines has the one value that it says. */
#ifndef FINWAIT_CLI_PERMUTATIONS_H
#define FINWAIT_CLI_PERMUTATIONS_H

#include "base/arena.h"
#include "scenario/parse.h"
#include "scenario/scenario.h"

#define PERMUTATIONS_MAX 256

struct permutation {
    const struct parse_definition *definitions; /* those given, and a value for each other word */
    size_t count;
    const char *words; /* "MSS=536 WINDOW=0", the chosen ones; "" for none */
};

/* How many there are, 1 where nothing varies; more than PERMUTATIONS_MAX are told as one more than that. */
size_t permutations_of(const struct scenario *scenario, const struct parse_definition *given,
                       size_t given_count);

/* The one of this index, the values of the last word changing fastest. */
struct permutation permutation_at(const struct scenario *scenario,
                                  const struct parse_definition *given, size_t given_count,
                                  size_t index, struct arena *arena);

#endif
