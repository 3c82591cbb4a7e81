/* A drawing with places for the counts: {EF    } stands for the change from the state with the letter
 * E to that with the letter F, and is as wide as a count may become; [EF    ] is one in a line, which
 * goes on behind the count. */
#include "trace/state_diagram.h"

#include <inttypes.h>
#include <string.h>

/* By enum tcb_state. */
static const char letters[TCB_STATE_COUNT + 1] = "CLSREFGWXAT";

/* clang-format off */
static const char drawing[] =
"                                    ┌────────────────┐\n"
"                                    │                ├───── active OPEN  [CS    ]─────┐\n"
"                                    │     CLOSED     │                                │\n"
"                                    │                │◄──── CLOSE, RST  [SC    ]─┐    │\n"
"                                    └──┬──────────▲──┘      or timeout           │    │\n"
"                       passive OPEN    │          │    CLOSE                     │    │\n"
"                           {CL    }    │          │    {LC    }                  │    │\n"
"                                    ┌──▼──────────┴──┐                           │    │\n"
"            ┌─── rcv RST  [RL    ]─►│     LISTEN     │                           │    │\n"
"            │                       └──┬──────────┬──┘                           │    │\n"
"            │              rcv SYN     │          │    SEND                      │    │\n"
"            │              {LR    }    │          │    {LS    }                  │    │\n"
"    ┌───────┴────────┐                 │          │                 ┌────────────┴────▼──┐\n"
"┌──►│                │◄────────────────┘          └────────────────►│                    │\n"
"│   │  SYN-RECEIVED  │                rcv SYN  {SR    }             │      SYN-SENT      │\n"
"│   │                │◄─────────────────────────────────────────────┤                    │\n"
"│ ┌─┤ ─► CLOSED      │                                              │                    │\n"
"│ │ │    {RC    }    ├─── rcv ACK ─────┐          ┌── rcv SYN,ACK ──┤                    │\n"
"│ │ └───────┬────────┘    {RE    }     │          │    {SE    }     └────────────────────┘\n"
"│ │         │                       ┌──▼──────────▼──┐\n"
"│ │         │                       │  ESTABLISHED   │\n"
"│ │         │ CLOSE                 │   ─► CLOSED    │\n"
"│ │         │ {RF    }              │      {EC    }  │\n"
"│ │         │                       └──┬──────────┬──┘\n"
"│ │ ┌───────▼────────┐    CLOSE        │          │       rcv FIN   ┌────────────────────┐\n"
"│ │ │   FIN-WAIT-1   │◄── [EF    ]─────┘          └────── [EW    ]─►│     CLOSE-WAIT     │\n"
"│ │ │  ─► CLOSED     │    rcv FIN                                   │    ─► CLOSED       │\n"
"│ │ │     {FC    }   ├─── [FX    ]──────────────┐                   │       {WC    }     │\n"
"│ │ └──┬──────────┬──┘                          │                   └─────────┬──────────┘\n"
"│ │    │ rcv ACK  └─── rcv FIN and ACK          │                     CLOSE   │\n"
"│ │    │ {FG    }      [FT    ]─────┐           │                    {WA    } │\n"
"│ │ ┌──▼─────────────┐              │  ┌────────▼───────┐           ┌─────────▼──────────┐\n"
"│ │ │   FIN-WAIT-2   │              │  │    CLOSING     │           │      LAST-ACK      │\n"
"│ │ │  ─► CLOSED     │              │  │   ─► CLOSED    │           │                    │\n"
"│ │ │     {GC    }   │              │  │      {XC    }  │           │                    │\n"
"│ │ └───────┬────────┘              │  └────────┬───────┘           └─────────┬──────────┘\n"
"│ │         │ rcv FIN               │  rcv ACK  │                    rcv ACK  │\n"
"│ │         │ {GT    }              │  {XT    } │                    {AC    } │\n"
"│ │         │                       │  ┌────────▼───────┐           ┌─────────▼──────────┐\n"
"│ │         │                       └─►│                │   2MSL    │                    │\n"
"│ │         └─────────────────────────►│   TIME-WAIT    ├─ [TC    ]►│       CLOSED       │\n"
"│ └──── old duplicate SYN  [RT    ]───►│                │           │                    │\n"
"└────── new SYN  [TR    ]──────────────┤                │           └────────────────────┘\n"
"                                       └────────────────┘\n";
/* clang-format on */

static const char *ascii_of(const char *at)
{
    static const struct {
        const char *glyph, *ascii;
    } pairs[] = {{"─", "-"}, {"│", "|"}, {"►", ">"}, {"◄", "<"}, {"▼", "v"}, {"▲", "^"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (strncmp(at, pairs[i].glyph, 3) == 0) {
            return pairs[i].ascii;
        }
    }
    return "+"; /* corners and crossings */
}

static enum tcb_state state_of(char letter)
{
    const char *found = strchr(letters, letter);
    return found == NULL ? TCB_CLOSED : (enum tcb_state)(found - letters);
}

/* The count of the place at `at`, as wide as the place; returns what stands behind it. */
static const char *add_count(struct text *out, const struct state_counts *counts, const char *at,
                             bool is_ascii)
{
    const bool is_in_line = *at == '[';
    const size_t columns = strcspn(at, "}]") + 1;
    const uint64_t count = state_counts_taken(counts, state_of(at[1]), state_of(at[2]));
    const size_t start = out->length;
    if (count > 0) {
        text_format(out, "%" PRIu64, count);
    } else {
        text_string(out, "never");
    }
    text_string(out, " ");
    for (size_t i = out->length - start; i < columns; i++) {
        text_string(out, !is_in_line ? " " : is_ascii ? "-" : "─");
    }
    return at + columns;
}

static void add_drawing(struct text *out, const struct state_counts *counts, bool is_ascii)
{
    for (const char *at = drawing; *at != '\0';) {
        if (*at == '{' || *at == '[') {
            at = add_count(out, counts, at, is_ascii);
        } else if (is_ascii && (unsigned char)*at >= 0x80) {
            text_string(out, ascii_of(at));
            at += 3;
        } else {
            text_add(out, at++, 1);
        }
    }
}

/* A line for each pair that is legal or not, and taken or not. */
static void add_pairs(struct text *out, const struct state_counts *counts, bool is_legal)
{
    for (size_t i = 0; i < TCB_STATE_COUNT * TCB_STATE_COUNT; i++) {
        const enum tcb_state from = (enum tcb_state)(i / TCB_STATE_COUNT);
        const enum tcb_state to = (enum tcb_state)(i % TCB_STATE_COUNT);
        if (tcb_state_edge_is_legal(from, to) == is_legal &&
            (state_counts_taken(counts, from, to) == 0) == is_legal) {
            text_format(out, "  %-12s -> %s\n", tcb_state_name(from), tcb_state_name(to));
        }
    }
}

void state_diagram_text(const struct state_counts *counts, uint64_t runs, bool is_ascii,
                        struct text *out)
{
    const struct state_totals totals = state_counts_totals(counts);
    add_drawing(out, counts, is_ascii);
    text_format(out,
                "\n%" PRIu64 " runs, %" PRIu64 " changes of state, %u of %u legal ones taken\n"
                "%s CLOSED within a box: by a reset, an abort, a timeout or an ICMP error\n",
                runs, totals.changes, totals.taken, totals.legal, is_ascii ? "->" : "─►");
    if (totals.taken < totals.legal) {
        text_string(out, "\nnever taken:\n");
        add_pairs(out, counts, true);
    }
    if (totals.broken > 0) {
        text_string(out, "\ntaken, and not legal (RFC 9293):\n");
        add_pairs(out, counts, false);
    }
}
