/* What every fuzz target is: one function over an input. entry.c makes of it what libFuzzer, AFL++
 * (through its own libFuzzer driver), any $LIB_FUZZING_ENGINE and the plain replay program call. */
#ifndef FINWAIT_FUZZ_TARGET_H
#define FINWAIT_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Runs one input. Always returns 0; a finding ends the process. Each target has its own. */
int fuzz_one_input(const uint8_t *input, size_t count);

/* The engines' name for it. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count);

#endif
