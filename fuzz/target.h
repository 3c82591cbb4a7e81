/* What every fuzz target is to every engine: libFuzzer, AFL++ (through its own libFuzzer driver), any
 * $LIB_FUZZING_ENGINE, and the plain replay program of this folder. */
#ifndef FINWAIT_FUZZ_TARGET_H
#define FINWAIT_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Runs one input. Always returns 0; a finding ends the process. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t count);

#endif
