/* What has arrived and was not yet read: octets in order, and islands of text beyond holes (RFC
 * 9293 3.10.7.4, SHLD-31), all in one ring. An octet is written once, to the place where it will be
 * read from: an island becomes readable by counting alone.
 *
 *     head                 head + ring.count = `next`
 *      | readable octets    | hole | island | hole | island |    free
 *
 * Numbers are positions in the stream, modulo 2^32, in whatever origin the caller chose by setting
 * `next`; SYN and FIN are the caller's matter. `storage` (the ring's) and `items` (the islands')
 * lie elsewhere in the host's block, see base/ring.h and base/ranges.h.
 *
 * Where text beyond `next` comes again with other octets, the later arrival is kept. */
#ifndef TCP_STREAM_RECEIVE_BUFFER_H
#define TCP_STREAM_RECEIVE_BUFFER_H

#include "base/ranges.h"
#include "base/ring.h"

struct receive_buffer {
    struct ring ring;
    struct ranges islands; /* out-of-order text, as stream positions beyond `next` */
    uint32_t next;         /* stream position of the next in-order octet */
};

/* Makes an empty buffer with room for `buffer_bytes` octets in all and `islands_max` islands. The
 * caller sets `next` before the first put; it starts as 0. */
void receive_buffer_init(struct receive_buffer *buffer, uint32_t buffer_bytes,
                         uint32_t islands_max);

/* Keeps `count` octets of text that begin `offset` beyond the next in-order octet. Asserted:
 * offset + count <= receive_buffer_free(); the caller trims to the window first. *advanced becomes
 * the distance that the in-order edge moved, islands that it reached included; 0 when there is a
 * hole before the text. False, with nothing changed, when a new island would be needed and the
 * table is full; text at offset 0 is always taken. */
bool receive_buffer_put(struct receive_buffer *buffer, uint8_t *storage, struct range *items,
                        uint32_t offset, const uint8_t *bytes, uint32_t count, uint32_t *advanced);

/* Octets in order that can be taken. */
uint32_t receive_buffer_readable(const struct receive_buffer *buffer);

/* Room behind the in-order octets, islands included: the largest window that can be offered. */
uint32_t receive_buffer_free(const struct receive_buffer *buffer);

/* Moves up to `count` octets to `to`, oldest first, and returns how many. */
uint32_t receive_buffer_take(struct receive_buffer *buffer, const uint8_t *storage, uint8_t *to,
                             uint32_t count);

/* Drops everything: nobody will take it. */
void receive_buffer_forget(struct receive_buffer *buffer);

/* Drops what lies beyond the first hole. */
void receive_buffer_forget_islands(struct receive_buffer *buffer);

/* Neither readable octets nor islands: the storage can be given away. */
bool receive_buffer_is_empty(const struct receive_buffer *buffer);

/* For invariants: ring and islands are sound, and every island lies beyond a hole and inside the
 * ring. Never asserts. */
bool receive_buffer_is_sound(const struct receive_buffer *buffer, const struct range *items);

#endif
