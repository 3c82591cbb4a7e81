#include "finding.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void finding(const char *what, const char *detail)
{
    (void)fprintf(stderr, "finding: %s: %s\n", what, detail);
    abort();
}
