#include "tcb/reason.h"

#include <stddef.h>

const char *tcb_reason_text(enum tcb_reason reason)
{
    switch (reason) {
#define TCB_REASON_TEXT(name, text)                                                                \
    case TCB_REASON_##name:                                                                        \
        return text;
        TCB_REASONS(TCB_REASON_TEXT)
#undef TCB_REASON_TEXT
    }
    return NULL;
}
