/* Draws the rows of two traces side by side:
 *
 *         time  host a                 |                                          |  host b
 *     0.100000        CLOSED > SYN-SENT|- S 0:0(0) win 65535 <mss 1460> -------- -|
 *     0.110000                         |- --- S 0:0(0) win 65535 <mss 1460> ----->| LISTEN > ...
 */
#include "trace/ladder_pair.h"

#include "trace/ladder_rows.h"
#include "trace/ladder_words.h"

#include <inttypes.h>
#include <string.h>

#define TIME_COLUMNS     11
#define NOTE_COLUMNS     20
#define ARROW_COLUMNS    42
#define PACKET_COLUMNS   (ARROW_COLUMNS - 7)
#define CONTINUED_INDENT 4
#define DISTANT_COLUMNS  2 /* of an arrow, at the end that is not here */
#define SECOND_US        UINT64_C(1000000)

struct pair_glyphs {
    const char *line, *dash, *distant, *head_right, *head_left;
};

static const struct pair_glyphs ascii_glyphs = {"|", "-", ".", ">", "<"};
static const struct pair_glyphs utf8_glyphs = {"│", "─", "╌", "►", "◄"};

static void repeat(struct text *out, const char *piece, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_string(out, piece);
    }
}

/* The arrow of a packet at host b (or a), with as much of its words as fits. */
static void add_arrow(struct text *out, const struct pair_glyphs *glyphs, bool is_at_b,
                      bool arrives, const char *piece, size_t length)
{
    const size_t dashes = ARROW_COLUMNS - 3 - DISTANT_COLUMNS - 1 - ladder_columns(piece, length);
    const char *const end = is_at_b ? glyphs->head_right : glyphs->head_left;
    if (is_at_b) {
        repeat(out, glyphs->distant, DISTANT_COLUMNS);
    } else {
        text_string(out, arrives ? end : glyphs->dash);
    }
    text_string(out, glyphs->dash);
    text_string(out, " ");
    text_add(out, piece, length);
    text_string(out, " ");
    repeat(out, glyphs->dash, dashes);
    if (is_at_b) {
        text_string(out, arrives ? end : glyphs->dash);
    } else {
        repeat(out, glyphs->distant, DISTANT_COLUMNS);
    }
}

static void add_middle(struct text *out, const struct pair_glyphs *glyphs,
                       const struct ladder_row *row, bool is_at_b, bool is_first,
                       const char **packet)
{
    const char *piece = NULL;
    if (*packet == NULL || **packet == '\0') {
        repeat(out, " ", ARROW_COLUMNS);
        return;
    }
    const size_t length = ladder_take_piece(packet, PACKET_COLUMNS, &piece);
    if (is_first) {
        add_arrow(out, glyphs, is_at_b, row->arrow == LADDER_TO_SUT, piece, length);
        return;
    }
    repeat(out, " ", CONTINUED_INDENT);
    text_add(out, piece, length);
    repeat(out, " ", ARROW_COLUMNS - CONTINUED_INDENT - ladder_columns(piece, length));
}

/* A piece of the note, in as many columns as notes have. */
static void add_note(struct text *out, const char **note, bool fills)
{
    const char *piece = "";
    size_t length = 0;
    if (*note != NULL && **note != '\0') {
        length = ladder_take_piece(note, NOTE_COLUMNS, &piece);
    }
    text_add(out, piece, length);
    repeat(out, " ", fills ? NOTE_COLUMNS - ladder_columns(piece, length) : 0);
}

static bool is_left(const char *rest)
{
    return rest != NULL && *rest != '\0';
}

static void add_row(struct text *out, const struct pair_glyphs *glyphs,
                    const struct ladder_row *row, bool is_at_b, uint64_t us, bool says_time)
{
    const char *packet = row->packet;
    const char *notes[2] = {is_at_b ? NULL : row->note, is_at_b ? row->note : NULL};
    bool is_first = true;
    do {
        if (is_first && says_time) {
            text_format(out, "%4" PRIu64 ".%06" PRIu64 "  ", us / SECOND_US, us % SECOND_US);
        } else {
            repeat(out, " ", TIME_COLUMNS + 2);
        }
        add_note(out, &notes[0], true);
        text_string(out, glyphs->line);
        add_middle(out, glyphs, row, is_at_b, is_first, &packet);
        text_string(out, glyphs->line);
        text_string(out, is_left(notes[1]) ? " " : "");
        add_note(out, &notes[1], false);
        text_string(out, "\n");
        is_first = false;
    } while (is_left(packet) || is_left(notes[0]) || is_left(notes[1]));
}

static void add_heading(struct text *out, const struct pair_glyphs *glyphs)
{
    text_format(out, "%*s  %-*s", TIME_COLUMNS, "time", NOTE_COLUMNS + 1, "");
    text_format(out, "%-*shost b\n", ARROW_COLUMNS, "host a");
    text_format(out, "%*s%s", TIME_COLUMNS + 2 + NOTE_COLUMNS, "", glyphs->line);
    text_format(out, "%*s%s\n", ARROW_COLUMNS, "", glyphs->line);
}

/* Is b's the next row? At one time a's come first. */
static bool is_b_next(const struct ladder_rows *rows, const size_t *at)
{
    if (at[0] == rows[0].count || at[1] == rows[1].count) {
        return at[0] == rows[0].count;
    }
    return rows[1].items[at[1]].at.us < rows[0].items[at[0]].at.us;
}

void ladder_pair_print(const struct trace *a, const struct trace *b,
                       const struct ladder_options *options, struct text *out)
{
    const struct ladder_rows rows[2] = {ladder_rows_of(a, options), ladder_rows_of(b, options)};
    const struct pair_glyphs *const glyphs = options->is_ascii ? &ascii_glyphs : &utf8_glyphs;
    const size_t count = rows[0].count + rows[1].count;
    const size_t cut =
        options->last_rows > 0 && count > options->last_rows ? count - options->last_rows : 0;
    size_t at[2] = {0, 0};
    uint64_t said_us = UINT64_MAX;
    if (options->has_heading) {
        add_heading(out, glyphs);
    }
    for (size_t i = 0; i < count; i++) {
        const bool is_at_b = is_b_next(rows, at);
        const struct ladder_row *const row = &rows[is_at_b].items[at[is_at_b]++];
        if (i >= cut) {
            const uint64_t us = row->at.us - a->start.us;
            add_row(out, glyphs, row, is_at_b, us, us != said_us);
            said_us = us;
        }
    }
}
