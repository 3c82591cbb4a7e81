/* Notes what a peer gave, and answers whether a read fits to it. */
#include "oracle/inbound.h"

#include <string.h>

/* RFC 9293 3.7.1, MUST-15 */
#define MSS_DEFAULT_IPV4 536
#define MSS_DEFAULT_IPV6 1220

static void take_syn_options(struct inbound *inbound, const struct tcp_segment *syn)
{
    const struct tcp_options *options = &syn->options;
    const uint16_t mss_default =
        syn->source.address.version == 6 ? MSS_DEFAULT_IPV6 : MSS_DEFAULT_IPV4;
    const uint16_t mss = options->has_mss ? options->mss : mss_default;
    inbound->copies_differ =
        inbound->copies_differ ||
        (inbound->has_mss && (mss != inbound->mss || syn->window != inbound->syn_window ||
                              options->has_timestamps != inbound->has_timestamps));
    inbound->has_mss = true;
    inbound->mss = mss > inbound->mss ? mss : inbound->mss;
    if (options->has_window_scale && options->window_scale > inbound->window_scale) {
        inbound->window_scale = options->window_scale;
    }
    inbound->has_window_scale = inbound->has_window_scale || options->has_window_scale;
    inbound->sack_permitted = inbound->sack_permitted || options->sack_permitted;
    inbound->has_timestamps = inbound->has_timestamps || options->has_timestamps;
    if (syn->window > inbound->syn_window) {
        inbound->syn_window = syn->window;
    }
}

bool inbound_is_ecn_setup(const struct tcp_segment *syn)
{
    const uint16_t both = TCP_FLAG_ECE | TCP_FLAG_CWR;
    return (syn->flags & both) == (tcp_segment_has(syn, TCP_FLAG_ACK) ? TCP_FLAG_ECE : both);
}

static void note_ecn(struct inbound *inbound, const struct tcp_segment *syn)
{
    const bool asks = inbound_is_ecn_setup(syn);
    inbound->asks_ecn = inbound->asks_ecn || asks;
    inbound->asks_no_ecn = inbound->asks_no_ecn || !asks;
}

void inbound_start(struct inbound *inbound, uint32_t incarnation, const struct tcp_segment *syn)
{
    struct inbound_chunk *const chunks = inbound->chunks;
    const size_t capacity = inbound->chunk_capacity;
    *inbound = (struct inbound){
        .incarnation = incarnation, .irs = syn->seq, .chunks = chunks, .chunk_capacity = capacity};
    inbound->is_shut = syn->window == 0;
    arrived_start(&inbound->all, syn->seq);
    arrived_start(&inbound->own, syn->seq);
    take_syn_options(inbound, syn);
    note_ecn(inbound, syn);
}

void inbound_syn_again(struct inbound *inbound, const struct tcp_segment *syn)
{
    take_syn_options(inbound, syn);
    note_ecn(inbound, syn);
}

/* The offset in the stream of a number within 2^31 of what came in order; 0 is the octet behind the
 * SYN, and negative what lies before it. */
static int64_t offset_of(const struct inbound *inbound, tcp_seqno number)
{
    const int32_t ahead = (int32_t)(number.raw - inbound->all.next.raw);
    return (int64_t)inbound->all.octets + ahead - 1;
}

static void note_text(struct inbound *inbound, struct arena *arena, int64_t offset,
                      const struct tcp_segment *segment)
{
    void *chunks = inbound->chunks;
    arena_grow(arena, &chunks, &inbound->chunk_capacity, inbound->chunk_count,
               sizeof *inbound->chunks);
    inbound->chunks = chunks;
    const uint32_t skip = offset < 0 ? (uint32_t)-offset : 0;
    inbound->chunks[inbound->chunk_count++] =
        (struct inbound_chunk){.start = (uint64_t)(offset + skip),
                               .bytes = segment->payload + skip,
                               .count = segment->payload_bytes - skip};
}

static void note_fin(struct inbound *inbound, int64_t offset)
{
    if (offset < 0 || inbound->fin_count > INBOUND_FINS_MAX) {
        return;
    }
    for (uint32_t i = 0; i < inbound->fin_count; i++) {
        if (inbound->fins[i] == (uint64_t)offset) {
            return;
        }
    }
    if (inbound->fin_count < INBOUND_FINS_MAX) {
        inbound->fins[inbound->fin_count] = (uint64_t)offset;
    }
    inbound->fin_count++;
}

static bool is_far_ahead(const struct inbound *inbound, tcp_seqno number)
{
    return tcp_seq_after(number, inbound->all.next) &&
           tcp_seq_distance(inbound->all.next, number) > ARRIVED_AHEAD_MAX;
}

void inbound_add(struct inbound *inbound, struct arena *arena, const struct tcp_segment *segment,
                 bool is_own)
{
    const bool is_syn = tcp_segment_has(segment, TCP_FLAG_SYN);
    if (!is_syn && tcp_segment_has(segment, TCP_FLAG_ACK)) {
        inbound->newest =
            inbound->has_window ? tcp_seq_later(inbound->newest, segment->seq) : segment->seq;
        inbound->has_window = true;
        inbound->window_max =
            segment->window > inbound->window_max ? segment->window : inbound->window_max;
    }
    inbound->is_shut = inbound->is_shut && segment->window == 0;
    inbound->was_shut = inbound->was_shut || segment->window == 0;
    const uint32_t length = tcp_segment_length(segment);
    if (length == 0 || is_far_ahead(inbound, segment->seq)) {
        return;
    }
    const int64_t text_at = offset_of(inbound, segment->seq) + (is_syn ? 1 : 0);
    if (arena != NULL && segment->payload_bytes > 0 &&
        text_at + (int64_t)segment->payload_bytes > 0) {
        note_text(inbound, arena, text_at, segment);
    }
    if (tcp_segment_has(segment, TCP_FLAG_FIN)) {
        note_fin(inbound, text_at + (int64_t)segment->payload_bytes);
    }
    arrived_add(&inbound->all, segment->seq, length);
    if (is_own) {
        arrived_add(&inbound->own, segment->seq, length);
    }
}

static size_t common_length(const uint8_t *a, const uint8_t *b, size_t count)
{
    if (memcmp(a, b, count) == 0) {
        return count;
    }
    size_t same = 0;
    while (a[same] == b[same]) {
        same++;
    }
    return same;
}

static size_t matching_in_chunk(const struct inbound_chunk *chunk, uint64_t offset,
                                const uint8_t *bytes, size_t count)
{
    if (offset < chunk->start || offset - chunk->start >= chunk->count) {
        return 0;
    }
    const size_t skip = (size_t)(offset - chunk->start);
    const size_t held = chunk->count - skip;
    return common_length(chunk->bytes + skip, bytes, count < held ? count : held);
}

size_t inbound_matching(struct inbound *inbound, uint64_t offset, const uint8_t *bytes,
                        size_t count)
{
    size_t matched = 0;
    size_t tried = 0; /* chunks in a row that had nothing for this place */
    size_t at = inbound->hint;
    while (matched < count && tried < inbound->chunk_count) {
        at = at < inbound->chunk_count ? at : 0;
        const size_t more = matching_in_chunk(&inbound->chunks[at], offset + matched,
                                              bytes + matched, count - matched);
        inbound->hint = more > 0 ? at : inbound->hint;
        tried = more > 0 ? 0 : tried + 1;
        matched += more;
        at++;
    }
    return matched;
}

bool inbound_ends_at(const struct inbound *inbound, uint64_t offset)
{
    if (inbound->fin_count > INBOUND_FINS_MAX) {
        return true;
    }
    for (uint32_t i = 0; i < inbound->fin_count; i++) {
        /* SYN, `offset` octets of text and the FIN itself are there in order. */
        if (inbound->fins[i] == offset && inbound->all.octets >= offset + 2) {
            return true;
        }
    }
    return false;
}

bool inbound_covers(const struct inbound *inbound, tcp_seqno ack)
{
    return tcp_seq_distance(ack, inbound->all.next) < inbound->all.octets;
}
