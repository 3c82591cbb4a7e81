/* Which life of which connection a packet of a script belongs to, by the rules of the script runner, as far
 * as a script alone can tell; and what its numbers count from. */
#include <string.h>

#include "causes/reader.h"

size_t reader_add_life(struct reader *reader, uint32_t local, uint32_t remote, bool is_passive)
{
    void *items = reader->lives;
    arena_grow(reader->arena, &items, &reader->life_capacity, reader->life_count,
               sizeof *reader->lives);
    reader->lives = items;
    reader->lives[reader->life_count] = (struct reader_life){.local = local,
                                                             .remote = remote,
                                                             .is_passive = is_passive,
                                                             .is_embryo = is_passive,
                                                             .peer_window = UINT16_MAX};
    return reader->life_count++;
}

static bool ports_fit(const struct reader_life *life, const struct scenario_packet *packet)
{
    const bool is_inbound = packet->direction == SCENARIO_INBOUND;
    const uint32_t local = is_inbound ? packet->destination_port : packet->source_port;
    const uint32_t remote = is_inbound ? packet->source_port : packet->destination_port;
    return !packet->has_ports ||
           ((life->local == local || life->local >= READER_CHOSEN_PORTS) && life->remote == remote);
}

static size_t latest_fitting(const struct reader *reader, const struct scenario_packet *packet,
                             bool with_embryos)
{
    for (size_t i = reader->life_count; i-- > 0;) {
        if (ports_fit(&reader->lives[i], packet) && (with_embryos || !reader->lives[i].is_embryo)) {
            return i;
        }
    }
    return READER_NO_LIFE;
}

static size_t by_label(const struct reader *reader, const char *label)
{
    for (size_t i = 0; i < reader->life_count; i++) {
        if (reader->lives[i].label != NULL && strcmp(reader->lives[i].label, label) == 0) {
            return i;
        }
    }
    return READER_NO_LIFE;
}

static size_t begin_passive(struct reader *reader, const struct scenario_packet *packet)
{
    const uint32_t usual = reader->listening_port != 0 ? reader->listening_port : reader->bind_port;
    return packet->has_ports
               ? reader_add_life(reader, packet->destination_port, packet->source_port, true)
               : reader_add_life(reader, usual, reader->peer_port, true);
}

static size_t begin_again(struct reader *reader, size_t before)
{
    const struct cause_target target = reader->lives[before].target;
    const size_t life =
        reader_add_life(reader, reader->lives[before].local, reader->lives[before].remote, true);
    reader->lives[life].target = target;
    return life;
}

static size_t of_syn(struct reader *reader, const struct scenario_packet *packet)
{
    const size_t latest = latest_fitting(reader, packet, true);
    if (latest == READER_NO_LIFE) {
        return begin_passive(reader, packet);
    }
    const struct reader_life *const life = &reader->lives[latest];
    if (!life->has_remote_isn || life->remote_isn == (uint32_t)packet->as.tcp.start.offset) {
        return latest;
    }
    if (!life->is_passive && !packet->has_ports && reader->listening_port != 0) {
        return begin_passive(reader, packet);
    }
    return begin_again(reader, latest);
}

static size_t of_new_label(struct reader *reader, const struct scenario_packet *packet)
{
    const size_t latest = latest_fitting(reader, packet, true);
    size_t life;
    if (latest != READER_NO_LIFE && reader->lives[latest].label == NULL &&
        !reader->lives[latest].has_remote_isn) {
        life = latest;
    } else if (latest != READER_NO_LIFE &&
               (reader->lives[latest].is_passive || reader->listening_port == 0)) {
        life = begin_again(reader, latest);
    } else {
        life = begin_passive(reader, packet);
    }
    reader->lives[life].label = packet->connection;
    return life;
}

/* The life that a name of a call's result stands for. */
static size_t of_name(const struct reader *reader, const char *label)
{
    uint8_t index;
    for (size_t i = 0; i < CAUSE_NAMES; i++) {
        if (reader->names[i].word != NULL && strcmp(reader->names[i].word, label) == 0) {
            return reader->names[i].life;
        }
    }
    return label[0] == 'f' && cause_label_index(label, &index) ? reader->sockets[index].life
                                                               : READER_NO_LIFE;
}

static void learn_remote_isn(struct reader_life *life, const struct scenario_tcp *tcp)
{
    if ((tcp->flags & TCP_FLAG_SYN) != 0 && (!life->has_remote_isn || life->is_embryo)) {
        life->has_remote_isn = true;
        life->remote_isn = (uint32_t)tcp->start.offset;
    }
}

size_t reader_life_of_inbound(struct reader *reader, const struct scenario_packet *packet)
{
    const uint16_t flags =
        packet->protocol == SCENARIO_TCP ? packet->as.tcp.flags : (uint16_t)TCP_FLAG_ACK;
    size_t life = READER_NO_LIFE;
    if (packet->connection != NULL) {
        life = by_label(reader, packet->connection);
        if (life == READER_NO_LIFE) {
            life = of_name(reader, packet->connection);
        }
        if (life == READER_NO_LIFE && (flags & TCP_FLAG_SYN) != 0) {
            life = of_new_label(reader, packet);
        }
    } else if ((flags & (TCP_FLAG_SYN | TCP_FLAG_ACK | TCP_FLAG_RST)) == TCP_FLAG_SYN) {
        life = of_syn(reader, packet);
    } else {
        life = latest_fitting(reader, packet, false);
        life = life == READER_NO_LIFE ? latest_fitting(reader, packet, true) : life;
        life = life == READER_NO_LIFE ? begin_passive(reader, packet) : life;
    }
    if (life != READER_NO_LIFE && packet->protocol == SCENARIO_TCP) {
        learn_remote_isn(&reader->lives[life], &packet->as.tcp);
    }
    return life;
}

/* ---- outbound -------------------------------------------------------------------------------------- */

static void learn_local_isn(struct reader *reader, struct reader_life *life,
                            const struct scenario_tcp *tcp)
{
    life->is_embryo = false;
    if (!life->has_local_isn) {
        life->has_local_isn = true;
        life->local_isn = (uint32_t)tcp->start.offset;
        life->has_fixed_iss = reader->config.fixed_iss != 0;
        life->fixed_iss = reader->config.iss;
    }
}

/* A SYN that the script expects tells what it calls our first number, and which port the stack chose. */
void reader_pass_outbound(struct reader *reader, const struct scenario_packet *packet)
{
    const struct scenario_tcp *const tcp = &packet->as.tcp;
    size_t life = READER_NO_LIFE;
    if (packet->protocol != SCENARIO_TCP || tcp->any_flags || (tcp->flags & TCP_FLAG_SYN) == 0) {
        return;
    }
    if (packet->connection != NULL) {
        life = by_label(reader, packet->connection);
        life = life == READER_NO_LIFE ? of_name(reader, packet->connection) : life;
    }
    if (life == READER_NO_LIFE) {
        life = latest_fitting(reader, packet, true);
        if (life != READER_NO_LIFE && packet->connection != NULL) {
            reader->lives[life].label = packet->connection;
        }
    }
    if (life != READER_NO_LIFE) {
        if (packet->has_ports && reader->lives[life].target.kind == CAUSE_DESCRIPTOR) {
            reader->lives[life].local = packet->source_port;
        }
        learn_local_isn(reader, &reader->lives[life], tcp);
    }
}

void reader_outbound(struct reader *reader, const struct scenario_packet *packet)
{
    reader_pass_outbound(reader, packet);
}

size_t reader_accept(struct reader *reader, uint32_t local)
{
    for (size_t i = 0; i < reader->life_count; i++) {
        struct reader_life *const life = &reader->lives[i];
        if (life->is_passive && !life->is_accepted && life->local == local && !life->is_embryo) {
            life->is_accepted = true;
            return i;
        }
    }
    return READER_NO_LIFE;
}

/* ---- numbers --------------------------------------------------------------------------------------- */

static bool is_latest(const struct reader *reader, size_t index)
{
    const struct reader_life *const life = &reader->lives[index];
    for (size_t i = index + 1; i < reader->life_count; i++) {
        const struct reader_life *const later = &reader->lives[i];
        if (later->local == life->local && later->remote == life->remote && !later->is_embryo) {
            return false;
        }
    }
    return true;
}

/* What the peer sends is used as it is written. */
static struct cause_number theirs(const struct reader *reader, size_t life, uint32_t number)
{
    const bool counts = life != READER_NO_LIFE && reader->lives[life].has_remote_isn &&
                        number != reader->lives[life].remote_isn && is_latest(reader, life);
    return counts ? (struct cause_number){SCENARIO_BASE_IRS,
                                          (int32_t)(number - reader->lives[life].remote_isn)}
                  : (struct cause_number){SCENARIO_BASE_ABSOLUTE, (int32_t)number};
}

/* What the stack sends counts from its first number, once it has sent that. */
static bool ours(struct reader *reader, size_t index, const struct scenario_number *number,
                 struct cause_number *out)
{
    const struct reader_life *const life = index == READER_NO_LIFE ? NULL : &reader->lives[index];
    const uint32_t offset = (uint32_t)number->offset;
    const bool is_sent = reader->is_causes || reader->scenario->start != NULL ||
                         (life != NULL && life->has_local_isn);
    if (!is_sent) {
        *out = (struct cause_number){SCENARIO_BASE_ABSOLUTE, (int32_t)offset};
        return true;
    }
    const uint32_t from_first = offset - (life == NULL ? 0 : life->local_isn);
    if (life == NULL || is_latest(reader, index)) {
        *out = (struct cause_number){SCENARIO_BASE_ISS, (int32_t)from_first};
        return true;
    }
    *out = (struct cause_number){SCENARIO_BASE_ABSOLUTE, (int32_t)(life->fixed_iss + from_first)};
    return life->has_fixed_iss ||
           reader_refuse(reader, number->span,
                         "this counts from the first number of a connection that is gone; only "
                         "with fixed_iss is it known");
}

bool reader_number(struct reader *reader, size_t life, const struct scenario_number *number,
                   bool is_ours, struct cause_number *out)
{
    if (number->base == SCENARIO_BASE_SCRIPT) {
        if (is_ours) {
            return ours(reader, life, number, out);
        }
        *out = theirs(reader, life, (uint32_t)number->offset);
        return true;
    }
    if (number->base != SCENARIO_BASE_ABSOLUTE &&
        (number->offset < INT32_MIN || number->offset > INT32_MAX)) {
        return reader_refuse(reader, number->span, "this is further off than can be encoded");
    }
    *out = (struct cause_number){(uint8_t)number->base, (int32_t)(uint32_t)number->offset};
    return true;
}
