/* The packets of one connection as a script: what the remote end sent, and what the local application
 * must have called. */
#include "capture/imported.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "scenario/print.h"
#include "tcp/seq.h"
#include "trace/ladder_words.h"

/* What the stack under test takes: a segment that a card joined is cut to this. */
#define MSS_IPV4         1460
#define MSS_IPV6         1440
#define WINDOW_MAX       65535
#define WINDOW_SCALE_MAX 14

struct writing {
    const struct import *import;
    struct text *out;
    bool local_opened;
    tcp_time previous;
    uint32_t mss; /* the largest piece that is injected */

    bool has_local_isn, has_remote_isn;
    tcp_seqno local_isn, remote_isn;
    tcp_seqno local_end;     /* behind the highest number that the local end has sent */
    tcp_seqno local_next;    /* what the local application has not written yet */
    tcp_seqno remote_next;   /* what the remote end has not sent yet, in order */
    uint8_t remote_shift;    /* of the windows that the remote end offers */
    bool is_established;     /* the handshake is over, as far as the local end can know */
    bool is_shut, is_closed; /* the local application has said that it sends no more; has closed */
    bool has_remote_fin;
    int fd;
};

/* Packets may stand in a capture in another order than their times: then they count as later. */
static void begin_line(struct writing *writing, tcp_time at)
{
    at = at.us < writing->previous.us ? writing->previous : at;
    text_string(writing->out, "+");
    scenario_print_seconds(writing->out, (int64_t)(at.us - writing->previous.us));
    text_string(writing->out, " ");
    writing->previous = at;
}

static void call(struct writing *writing, tcp_time at, const char *words)
{
    begin_line(writing, at);
    text_format(writing->out, "%s\n", words);
}

static void write_head(struct writing *writing, const char *name)
{
    const struct import *import = writing->import;
    const struct capture_flow *flow = import->flow;
    struct text *out = writing->out;
    text_format(out, "// Imported from %s, flow %" PRIu64 ": ", name, flow->number);
    ladder_endpoint(out, &flow->ends[CAPTURE_A]);
    text_string(out, " > ");
    ladder_endpoint(out, &flow->ends[CAPTURE_B]);
    text_format(out,
                ",\n// as seen by %s. Calls are inferred from what it sent; windows are unscaled, "
                "options that\n// need both ends' consent are left out.\n",
                writing->local_opened ? "the former" : "the latter");
    text_format(out, "--ip_version=ipv%u\n\n", (unsigned)flow->ends[CAPTURE_A].address.version);
    text_string(out, "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n");
    writing->previous = import->packets[0].at;
    writing->fd = 3;
    if (writing->local_opened) {
        call(writing, writing->previous, "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0");
        call(writing, writing->previous,
             "connect(3, ..., ...) = -1 EINPROGRESS (Operation now in progress)");
    } else {
        call(writing, writing->previous, "bind(3, ..., ...) = 0");
        call(writing, writing->previous, "listen(3, 1) = 0");
    }
}

/* ---- what the remote end sent ---- */

static uint32_t offered_window(const struct writing *writing, const struct imported *packet)
{
    const bool is_syn = (packet->flags & TCP_FLAG_SYN) != 0;
    const uint32_t window = (uint32_t)packet->window << (is_syn ? 0 : writing->remote_shift);
    return window > WINDOW_MAX ? WINDOW_MAX : window;
}

/* The flags of a piece whose SEQ is `moved` beyond the packet's: SYN is the first piece's, FIN, PSH and RST
 * the last one's, URG belongs to all up to the urgent octet. */
static uint16_t flags_of_piece(const struct imported *packet, uint32_t moved, bool is_last)
{
    unsigned left_out = is_last ? 0 : TCP_FLAG_FIN | TCP_FLAG_PSH | TCP_FLAG_RST;
    left_out |= moved == 0 ? 0 : TCP_FLAG_SYN;
    left_out |= moved == 0 || packet->urgent > moved ? 0 : TCP_FLAG_URG;
    return (uint16_t)(packet->flags & ~left_out);
}

static void inject(struct writing *writing, const struct imported *packet, uint32_t from,
                   uint32_t count)
{
    struct text *out = writing->out;
    const bool is_behind_syn = from > 0 && (packet->flags & TCP_FLAG_SYN) != 0;
    const uint32_t moved = from + (is_behind_syn ? 1 : 0);
    const uint16_t flags = flags_of_piece(packet, moved, from + count == packet->payload_bytes);
    const uint32_t start = packet->seq.raw + moved - writing->remote_isn.raw;
    begin_line(writing, packet->at);
    text_string(out, "< ");
    scenario_print_flags(out, flags, -1);
    text_format(out, " %" PRIu32 ":%" PRIu32 "(%" PRIu32 ")", start, start + count, count);
    if ((packet->flags & TCP_FLAG_ACK) != 0) {
        text_format(out, " ack %" PRIu32, packet->ack.raw - writing->local_isn.raw);
    }
    text_format(out, " win %" PRIu32, offered_window(writing, packet));
    if ((flags & TCP_FLAG_URG) != 0) {
        text_format(out, " urg %" PRIu32, packet->urgent - moved);
    }
    if (packet->options.has_mss && (flags & TCP_FLAG_SYN) != 0) {
        text_format(out, " <mss %u>", packet->options.mss);
    }
    text_string(out, "\n");
}

static void accept_connection(struct writing *writing, tcp_time at)
{
    writing->is_established = true;
    if (!writing->local_opened) {
        writing->fd = 4;
        call(writing, at, "accept(3, ..., ...) = 4");
        call(writing, at, "fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0");
    }
}

/* The application reads what has come in order, and meets the end. */
static void read_what_came(struct writing *writing, const struct imported *packet)
{
    char words[64];
    const uint32_t syn = (packet->flags & TCP_FLAG_SYN) != 0 ? 1 : 0;
    const tcp_seqno start = tcp_seq_add(packet->seq, syn);
    const tcp_seqno end = tcp_seq_add(start, packet->payload_bytes);
    if (tcp_seq_after(start, writing->remote_next)) {
        return; /* beyond a hole */
    }
    if (tcp_seq_after(end, writing->remote_next)) {
        const uint32_t fresh = tcp_seq_distance(writing->remote_next, end);
        writing->remote_next = end;
        (void)snprintf(words, sizeof words, "read(%d, ..., %" PRIu32 ") = %" PRIu32, writing->fd,
                       fresh, fresh);
        call(writing, packet->at, words);
    }
    if ((packet->flags & TCP_FLAG_FIN) != 0 && tcp_seq_equal(end, writing->remote_next) &&
        !writing->has_remote_fin) {
        writing->has_remote_fin = true;
        (void)snprintf(words, sizeof words, "read(%d, ..., 1) = 0", writing->fd);
        call(writing, packet->at, words);
    }
}

/* It acknowledges the local end's SYN, and nothing that was not sent, and comes in order. */
static bool ends_handshake(const struct writing *writing, const struct imported *packet)
{
    const bool is_syn = (packet->flags & TCP_FLAG_SYN) != 0;
    return (packet->flags & TCP_FLAG_ACK) != 0 && writing->has_local_isn &&
           tcp_seq_after(packet->ack, writing->local_isn) &&
           tcp_seq_at_or_before(packet->ack, writing->local_end) &&
           tcp_seq_equal(tcp_seq_add(packet->seq, is_syn ? 1 : 0), writing->remote_next);
}

static void close_descriptor(struct writing *writing, tcp_time at)
{
    char words[32];
    (void)snprintf(words, sizeof words, "close(%d) = 0", writing->fd);
    call(writing, at, words);
    writing->is_shut = writing->is_closed = true;
}

static void write_remote(struct writing *writing, const struct imported *packet)
{
    if ((packet->flags & TCP_FLAG_SYN) != 0 && !writing->has_remote_isn) {
        writing->has_remote_isn = true;
        writing->remote_isn = packet->seq;
        writing->remote_next = tcp_seq_add(packet->seq, 1);
    }
    uint32_t from = 0;
    do {
        const uint32_t left = packet->payload_bytes - from;
        const uint32_t piece = left < writing->mss ? left : writing->mss;
        inject(writing, packet, from, piece);
        from += piece;
    } while (from < packet->payload_bytes);
    if ((packet->flags & TCP_FLAG_RST) != 0) {
        writing->is_shut = writing->is_closed = true; /* its calls would tell of nothing else */
        return;
    }
    if (!writing->is_established && ends_handshake(writing, packet)) {
        accept_connection(writing, packet->at);
    }
    if (writing->is_established && !writing->is_closed) {
        read_what_came(writing, packet);
        if (writing->is_shut && writing->has_remote_fin) {
            close_descriptor(writing, packet->at);
        }
    }
}

/* ---- what the local application did ---- */

/* Does the remote end send text behind this place? Then only one direction was closed. */
static bool remote_goes_on(const struct writing *writing, size_t from)
{
    const struct import *import = writing->import;
    for (size_t i = from; i < import->count; i++) {
        const struct imported *packet = &import->packets[i];
        const tcp_seqno end = tcp_seq_add(packet->seq, packet->payload_bytes);
        if (packet->is_from_opener != writing->local_opened && packet->payload_bytes > 0 &&
            tcp_seq_after(end, writing->remote_next)) {
            return true;
        }
    }
    return false;
}

static void shut(struct writing *writing, size_t index)
{
    char words[40];
    const tcp_time at = writing->import->packets[index].at;
    if (writing->has_remote_fin || !remote_goes_on(writing, index + 1)) {
        close_descriptor(writing, at);
        return;
    }
    (void)snprintf(words, sizeof words, "shutdown(%d, SHUT_WR) = 0", writing->fd);
    call(writing, at, words);
    writing->is_shut = true;
}

static void abort_connection(struct writing *writing, tcp_time at)
{
    char words[80];
    (void)snprintf(words, sizeof words,
                   "setsockopt(%d, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0",
                   writing->fd);
    call(writing, at, words);
    close_descriptor(writing, at);
}

/* All new text up to the next packet of the remote end is one write. */
static tcp_seqno end_of_burst(const struct writing *writing, size_t index)
{
    const struct import *import = writing->import;
    tcp_seqno end = writing->local_next;
    for (; index < import->count; index++) {
        const struct imported *packet = &import->packets[index];
        if (packet->is_from_opener != writing->local_opened) {
            break;
        }
        if (packet->payload_bytes > 0) {
            end = tcp_seq_later(end, tcp_seq_add(packet->seq, packet->payload_bytes));
        }
    }
    return end;
}

static void write_local(struct writing *writing, size_t index)
{
    const struct imported *packet = &writing->import->packets[index];
    if ((packet->flags & TCP_FLAG_SYN) != 0 && !writing->has_local_isn) {
        writing->has_local_isn = true;
        writing->local_isn = packet->seq;
        writing->local_next = writing->local_end = tcp_seq_add(packet->seq, 1);
    }
    const uint32_t fin = (packet->flags & TCP_FLAG_FIN) != 0 ? 1 : 0;
    if (writing->has_local_isn && (packet->flags & (TCP_FLAG_SYN | TCP_FLAG_RST)) == 0) {
        writing->local_end = tcp_seq_later(writing->local_end,
                                           tcp_seq_add(packet->seq, packet->payload_bytes + fin));
    }
    if (!writing->is_established || writing->is_shut) {
        return;
    }
    if ((packet->flags & TCP_FLAG_RST) != 0) {
        abort_connection(writing, packet->at);
        return;
    }
    const tcp_seqno end = end_of_burst(writing, index);
    if (packet->payload_bytes > 0 && tcp_seq_after(end, writing->local_next)) {
        char words[64];
        const uint32_t fresh = tcp_seq_distance(writing->local_next, end);
        (void)snprintf(words, sizeof words, "write(%d, ..., %" PRIu32 ") = %" PRIu32, writing->fd,
                       fresh, fresh);
        call(writing, packet->at, words);
        writing->local_next = end;
    }
    if ((packet->flags & TCP_FLAG_FIN) != 0) {
        shut(writing, index);
    }
}

/* ---- the whole ---- */

/* Scaling counts only if both SYNs had it. */
static uint8_t remote_shift(const struct import *import, bool local_opened)
{
    bool local_has = false, remote_has = false;
    uint8_t shift = 0;
    for (size_t i = 0; i < import->count; i++) {
        const struct imported *packet = &import->packets[i];
        if ((packet->flags & TCP_FLAG_SYN) == 0 || !packet->options.has_window_scale) {
            continue;
        }
        if (packet->is_from_opener == local_opened) {
            local_has = true;
        } else {
            remote_has = true;
            shift = packet->options.window_scale;
        }
    }
    shift = shift > WINDOW_SCALE_MAX ? WINDOW_SCALE_MAX : shift;
    return local_has && remote_has ? shift : 0;
}

static bool can_import(const struct import *import, struct text *notes)
{
    if (import->flow == NULL) {
        text_format(notes, "there is no flow %" PRIu64 " in it (%" PRIu64 " there are)\n",
                    import->wanted, import_flows(import));
        return false;
    }
    if (import->is_midway || import->count == 0) {
        text_string(notes, "the flow does not begin with its SYN: what came before is unknown\n");
        return false;
    }
    return true;
}

static void note_omissions(const struct import *import, struct text *notes)
{
    if (import->begins_anew) {
        text_string(notes, "only the first connection of the flow is imported\n");
    }
    if (import->is_too_long) {
        text_format(notes, "only the first %d packets are imported\n", IMPORT_PACKETS_MAX);
    }
    if (import->damaged > 0) {
        text_format(notes, "%" PRIu64 " packets are left out that were damaged\n", import->damaged);
    }
}

bool import_write(const struct import *import, enum import_side side, const char *name,
                  struct text *out, struct text *notes)
{
    if (!can_import(import, notes)) {
        return false;
    }
    struct writing writing = {.import = import,
                              .out = out,
                              .local_opened = side == IMPORT_OPENER,
                              .mss =
                                  import->flow->ends[0].address.version == 6 ? MSS_IPV6 : MSS_IPV4,
                              .remote_shift = remote_shift(import, side == IMPORT_OPENER)};
    write_head(&writing, name);
    for (size_t i = 0; i < import->count; i++) {
        if (import->packets[i].is_from_opener == writing.local_opened) {
            write_local(&writing, i);
        } else {
            write_remote(&writing, &import->packets[i]);
        }
    }
    note_omissions(import, notes);
    return true;
}
