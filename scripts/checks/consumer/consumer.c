/* The least that a program which embeds the stack does: it includes the public headers and calls
 * something. */
#include <tcp/config.h>
#include <tcp/host.h>
#include <tcp/limits.h>
#include <tcp/segment.h>
#include <tcp/seq.h>
#include <tcp/socket.h>
#include <tcp/state.h>
#include <tcp/types.h>
#include <tcp/wire.h>

int main(void)
{
    return tcb_state_name(TCB_CLOSED) == 0;
}
