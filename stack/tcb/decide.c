#include "tcb/arrives.h"

enum tcp_verdict tcb_decide(struct tcb_step *step, enum tcp_verdict verdict, enum tcp_check check,
                            enum tcb_reason reason)
{
    step->record->verdict = (uint8_t)verdict;
    step->record->check = (uint8_t)check;
    step->record->reason = (uint8_t)reason;
    return verdict;
}
