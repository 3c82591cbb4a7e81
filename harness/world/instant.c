/* How time moves: to the next packet or deadline, one instant after the other. */
#include "world/world_state.h"

#include "oracle/deadlines.h"
#include "oracle/taken.h"

static tcp_time earlier(tcp_time a, tcp_time b)
{
    return a.us < b.us ? a : b;
}

static tcp_time deadline_of(const struct world_one *one)
{
    const tcp_time host = tcp_host_deadline(one->host);
    const tcp_time due =
        one->pending_count == 0 ? host : earlier(host, tcp_socket_deadline(one->host));
    return due.us < one->wakes_at.us ? one->wakes_at : due;
}

tcp_time world_deadline(const struct world *world, enum cause_host host)
{
    return deadline_of(&world->one[host]);
}

/* The next of all deadlines, and whose it is; of two at one time, host a's. */
static tcp_time next_deadline(struct world *world, struct world_one **out)
{
    tcp_time next = deadline_of(&world->one[0]);
    *out = &world->one[0];
    if (world->start.hosts > 1) {
        const tcp_time other = deadline_of(&world->one[1]);
        if (other.us < next.us) {
            next = other;
            *out = &world->one[1];
        }
    }
    return next;
}

tcp_time world_next(const struct world *world)
{
    tcp_time next = world_next_arrival(world);
    for (uint8_t i = 0; i < world->start.hosts; i++) {
        next = earlier(next, deadline_of(&world->one[i]));
    }
    return next;
}

/* T06: the one step that the host has just done because of time. */
static void judge_timeout(struct world *world, struct world_one *one, uint32_t before)
{
    const struct tcp_step_record step = tcp_host_last_step(one->host);
    struct tcp_status status;
    if (taken_is_timeout(&step, before) &&
        tcp_host_look(one->host, step.connection, &status) == TCP_OK) {
        world_report(world, world_place(world, one), ORACLE_REPORTED_TIMEOUT,
                     taken_timeout_fault(&status));
    }
}

static void do_what_is_due(struct world *world, struct world_one *one)
{
    const uint32_t before = tcp_host_last_step(one->host).number;
    tcp_host_tick(one->host, world->now);
    judge_timeout(world, one, before);
    world_note_step(world, one);
    world_drain(world, one);
}

static void tick(struct world *world, struct world_one *one)
{
    if (++world->stuck_ticks > DEADLINES_TICKS_MAX) {
        world_report(world, world_place(world, one), ORACLE_REPORTED_DEADLINES, DEADLINES_STUCK);
        return;
    }
    do_what_is_due(world, one);
}

static void go_to(struct world *world, tcp_time time)
{
    if (time.us > world->now.us) {
        if (world->stuck_ticks > 0) {
            world_report(world, CAUSE_HOST_A, ORACLE_REPORTED_DEADLINES, NULL);
        }
        world->now = time;
        world->stuck_ticks = 0;
    }
}

void world_reach(struct world *world, tcp_time until, bool is_inclusive)
{
    for (uint32_t ticks = 0; !world->has_finding && !world->is_full;) {
        struct world_one *one;
        const tcp_time due = next_deadline(world, &one);
        const tcp_time arrival = world_next_arrival(world);
        const tcp_time next = earlier(due, arrival);
        if (next.us > until.us || (next.us == until.us && !is_inclusive)) {
            go_to(world, until);
            return;
        }
        if (!world_has_room(world)) {
            world->is_full = true;
            return;
        }
        go_to(world, next);
        if (arrival.us <= due.us) { /* an instant's packets come before its deadlines */
            world_arrive(world);
            continue;
        }
        if (++ticks > world->config.tick_limit) {
            return;
        }
        tick(world, one);
    }
}

static tcp_time later_by(tcp_time from, int64_t us)
{
    if (us < 0) {
        const uint64_t back = (uint64_t)-us;
        return (tcp_time){from.us > back ? from.us - back : 0};
    }
    return (tcp_time){from.us + (uint64_t)(us < CAUSE_WAIT_US_MAX ? us : CAUSE_WAIT_US_MAX)};
}

/* First of all the host does what was due meanwhile. The trace tells that it was not there: what it does
 * late is not its fault. */
static void wake(struct world *world, struct world_one *one)
{
    if (world_traces(world)) {
        struct trace_call call = {.name = "asleep",
                                  .text = "asleep",
                                  .cookie = ++one->next_cookie,
                                  .incarnation = TRACE_NO_EVENT};
        world_record(world, one, TRACE_CALL)->as.call = call;
        world_record(world, one, TRACE_CALL_DONE)->as.call = call;
    }
    world_drain(world, one);
    do_what_is_due(world, one);
}

/* Where the other host's deadlines end the wait before its time, the sleep is over, too. */
static void sleep_until(struct world *world, struct world_one *one, tcp_time until)
{
    one->wakes_at = until;
    if (until.us > world->now.us) {
        world_reach(world, until, false);
    }
    if (!world->has_finding && !world->is_full) {
        one->wakes_at = world->now;
        wake(world, one);
    }
}

void world_wait(struct world *world, enum cause_host host, const struct cause_wait *wait)
{
    world_reach(world, world->now, true); /* the instant is over */
    tcp_time until = world->now;
    if (wait->kind == CAUSE_WAIT_ASLEEP) {
        sleep_until(world, &world->one[host], later_by(until, wait->us));
        return;
    }
    if (wait->kind == CAUSE_WAIT_FOR) {
        until = later_by(until, wait->us);
    } else {
        const tcp_time due = deadline_of(&world->one[host]);
        until = due.us == UINT64_MAX ? until : later_by(due, wait->us);
    }
    if (until.us > world->now.us) {
        world_reach(world, until, false);
    }
}
