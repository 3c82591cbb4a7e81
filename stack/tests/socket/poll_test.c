/* poll() and epoll: which bits are told, when waiting ends, and every error. */
#include "fixture.h"

#define FOR_EVER (-1)

static struct tcp_socket_result poll_one(struct fixture *f, int host, int fd, uint32_t events,
                                         uint32_t *revents, int64_t timeout_us)
{
    struct tcp_socket_pollfd entry = {.fd = fd, .events = (uint16_t)events, .revents = 0xffff};
    const struct tcp_socket_result result =
        tcp_socket_poll_set(host_of(f, host), f->pair.now, &entry, 1, timeout_us);
    *revents = entry.revents;
    return result;
}

static uint32_t bits(struct fixture *f, int host, int fd)
{
    uint32_t revents;
    assert_int_equal(poll_one(f, host, fd, 0xffff, &revents, 0).error, TCP_SOCKET_OK);
    return revents;
}

static void each_phase_has_its_bits(void **state)
{
    (void)state;
    struct fixture f;
    listening(&f);
    const uint32_t in = TCP_SOCKET_IN, out = TCP_SOCKET_OUT, end = TCP_SOCKET_RDHUP;
    assert_int_equal(bits(&f, CLIENT, 99), TCP_SOCKET_NVAL);
    assert_int_equal(bits(&f, CLIENT, -1), 0);
    f.client = open_socket(&f, CLIENT);
    assert_int_equal(bits(&f, CLIENT, f.client), out | TCP_SOCKET_HUP);
    assert_int_equal(bits(&f, SERVER, f.listener), 0);
    const uint32_t connecting = pending(connect_to(&f, f.client, 80));
    assert_int_equal(bits(&f, CLIENT, f.client), 0);
    wire_pair_settle(&f.pair);
    assert_gives(resume(&f, CLIENT, connecting, NULL, 0), 0);
    assert_int_equal(bits(&f, CLIENT, f.client), out);
    assert_int_equal(bits(&f, SERVER, f.listener), in);
    f.server = (int)tcp_socket_accept(host_of(&f, SERVER), f.pair.now, f.listener).value;
    assert_int_equal(bits(&f, SERVER, f.listener), 0);
    assert_gives(write_from(&f, CLIENT, f.client, "x", 1), 1);
    wire_pair_settle(&f.pair);
    assert_int_equal(bits(&f, SERVER, f.server), in | out);
    assert_gives(shut(&f, CLIENT, f.client, TCP_SOCKET_SHUT_WR), 0);
    wire_pair_settle(&f.pair);
    assert_int_equal(bits(&f, CLIENT, f.client), out);
    assert_int_equal(bits(&f, SERVER, f.server), in | out | end);
    assert_gives(close_fd(&f, SERVER, f.server), 0); /* with an octet unread: a reset */
    wire_pair_settle(&f.pair);
    assert_int_equal(bits(&f, CLIENT, f.client), in | out | end | TCP_SOCKET_HUP | TCP_SOCKET_ERR);
    assert_gives(get(&f, CLIENT, f.client, TCP_SOCKET_SO_ERROR), TCP_SOCKET_ECONNRESET);
    assert_int_equal(bits(&f, CLIENT, f.client), in | out | end | TCP_SOCKET_HUP);
    done(&f);
}

static void waiting_ends_with_an_event_or_with_time(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint32_t revents;
    const uint32_t for_data =
        pending(poll_one(&f, SERVER, f.server, TCP_SOCKET_IN, &revents, FOR_EVER));
    const uint32_t for_time =
        pending(poll_one(&f, SERVER, f.server, TCP_SOCKET_PRI, &revents, 5000));
    tcp_host_tick(host_of(&f, SERVER), (tcp_time){f.pair.now.us + 5000});
    struct tcp_socket_pollfd entry = {.fd = f.server, .events = TCP_SOCKET_PRI};
    assert_int_equal(ready(&f, SERVER), for_time);
    assert_gives(resume(&f, SERVER, for_time, &entry, sizeof entry), 0);
    assert_int_equal(entry.revents, 0);
    assert_gives(write_from(&f, CLIENT, f.client, "x", 1), 1);
    wire_pair_run(&f.pair, 10000);
    entry.events = TCP_SOCKET_IN;
    assert_int_equal(ready(&f, SERVER), for_data);
    assert_gives(resume(&f, SERVER, for_data, &entry, sizeof entry), 1);
    assert_int_equal(entry.revents, TCP_SOCKET_IN);
    done(&f);
}

static void a_poll_that_blocks_has_at_most_so_many(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    struct tcp_socket_pollfd set[TCP_SOCKET_POLL_MAX + 1];
    for (size_t index = 0; index <= TCP_SOCKET_POLL_MAX; index++)
        set[index] = (struct tcp_socket_pollfd){.fd = f.server, .events = TCP_SOCKET_IN};
    struct tcp_host *server = host_of(&f, SERVER);
    assert_fails(tcp_socket_poll_set(server, f.pair.now, set, TCP_SOCKET_POLL_MAX + 1, FOR_EVER),
                 TCP_SOCKET_EINVAL);
    assert_gives(tcp_socket_poll_set(server, f.pair.now, set, TCP_SOCKET_POLL_MAX + 1, 0), 0);
    (void)pending(tcp_socket_poll_set(server, f.pair.now, set, TCP_SOCKET_POLL_MAX, FOR_EVER));
    assert_null(tcp_host_check(server));
    done(&f);
}

/* ---- epoll --------------------------------------------------------------------------------------- */

static struct tcp_socket_result change(struct fixture *f, int set, enum tcp_socket_epoll_change how,
                                       int fd, uint32_t events)
{
    const struct tcp_socket_epoll_event event = {.events = events, .data = (uint64_t)fd + 1000};
    return tcp_socket_epoll_change(host_of(f, SERVER), f->pair.now, set, how, fd, &event);
}

/* The bits that the set tells of the only socket that is ready; 0: nothing. */
static uint32_t told(struct fixture *f, int set)
{
    struct tcp_socket_epoll_event events[4];
    const struct tcp_socket_result result =
        tcp_socket_epoll_wait(host_of(f, SERVER), f->pair.now, set, events, 4, 0);
    assert_int_equal(result.error, TCP_SOCKET_OK);
    assert_in_range(result.value, 0, 1);
    return result.value == 0 ? 0 : events[0].events;
}

static int open_set(struct fixture *f)
{
    const struct tcp_socket_result opened = tcp_socket_epoll_open(host_of(f, SERVER), f->pair.now);
    assert_int_equal(opened.error, TCP_SOCKET_OK);
    return (int)opened.value;
}

static void send_one(struct fixture *f)
{
    assert_gives(write_from(f, CLIENT, f->client, "x", 1), 1);
    wire_pair_run(&f->pair, 1000000);
}

static void levels_are_told_again_and_edges_once(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    const int level = open_set(&f);
    const int edge = open_set(&f);
    char byte;
    assert_gives(change(&f, level, TCP_SOCKET_EPOLL_ADD, f.server, TCP_SOCKET_IN), 0);
    assert_gives(change(&f, edge, TCP_SOCKET_EPOLL_ADD, f.server, TCP_SOCKET_IN | TCP_SOCKET_EDGE),
                 0);
    assert_int_equal(told(&f, level), 0);
    send_one(&f);
    assert_int_equal(told(&f, level), TCP_SOCKET_IN);
    assert_int_equal(told(&f, level), TCP_SOCKET_IN);
    assert_int_equal(told(&f, edge), TCP_SOCKET_IN);
    assert_int_equal(told(&f, edge), 0);
    send_one(&f);
    assert_int_equal(told(&f, edge), TCP_SOCKET_IN);
    assert_gives(read_into(&f, SERVER, f.server, &byte, 1), 1);
    assert_int_equal(told(&f, edge), 0); /* taking some is nothing new */
    assert_gives(change(&f, edge, TCP_SOCKET_EPOLL_MOD, f.server, TCP_SOCKET_IN | TCP_SOCKET_EDGE),
                 0);
    assert_int_equal(told(&f, edge), TCP_SOCKET_IN); /* but changing the interest asks anew */
    done(&f);
}

static void room_is_news_only_after_a_write_found_none(void **state)
{
    (void)state;
    static uint8_t bytes[200000];
    struct fixture f;
    connected(&f);
    const int set_fd = open_set(&f);
    const uint32_t events = TCP_SOCKET_OUT | TCP_SOCKET_EDGE;
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_O_NONBLOCK, 1), 0);
    assert_gives(change(&f, set_fd, TCP_SOCKET_EPOLL_ADD, f.server, events), 0);
    assert_int_equal(told(&f, set_fd), TCP_SOCKET_OUT);
    assert_gives(write_from(&f, SERVER, f.server, bytes, 10), 10);
    wire_pair_run(&f.pair, 1000000);
    assert_int_equal(told(&f, set_fd), 0);
    assert_int_equal(write_from(&f, SERVER, f.server, bytes, sizeof bytes).error, TCP_SOCKET_OK);
    assert_int_equal(told(&f, set_fd), 0); /* full */
    wire_pair_run(&f.pair, 1000000);
    assert_int_equal(told(&f, set_fd), TCP_SOCKET_OUT);
    assert_int_equal(told(&f, set_fd), 0);
    done(&f);
}

/* Text that comes while there is no room tells of the text alone: the room is still to be told. */
static void text_does_not_use_up_the_news_of_room(void **state)
{
    (void)state;
    static uint8_t bytes[200000];
    struct fixture f;
    connected(&f);
    const int set_fd = open_set(&f);
    const uint32_t events = TCP_SOCKET_IN | TCP_SOCKET_OUT | TCP_SOCKET_EDGE;
    assert_gives(set(&f, SERVER, f.server, TCP_SOCKET_O_NONBLOCK, 1), 0);
    assert_gives(change(&f, set_fd, TCP_SOCKET_EPOLL_ADD, f.server, events), 0);
    assert_int_equal(told(&f, set_fd), TCP_SOCKET_OUT);
    while (write_from(&f, SERVER, f.server, bytes, sizeof bytes).error == TCP_SOCKET_OK) {
        wire_pair_run(&f.pair, 1000000); /* until the other side's window is shut, too */
    }
    send_one(&f);
    assert_int_equal(told(&f, set_fd), TCP_SOCKET_IN);
    for (int i = 0; i < 4; i++) {
        (void)read_into(&f, CLIENT, f.client, bytes, sizeof bytes);
        wire_pair_run(&f.pair, 1000000);
    }
    assert_int_equal(told(&f, set_fd) & TCP_SOCKET_OUT, TCP_SOCKET_OUT);
    done(&f);
}

/* The end is news once, and only the end: a connection that stands is not told again for it. */
static void the_end_of_a_connection_is_an_edge(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    const int set_fd = open_set(&f);
    const uint32_t events = TCP_SOCKET_IN | TCP_SOCKET_OUT | TCP_SOCKET_EDGE;
    assert_gives(change(&f, set_fd, TCP_SOCKET_EPOLL_ADD, f.server, events), 0);
    assert_int_equal(told(&f, set_fd), TCP_SOCKET_OUT);
    assert_int_equal(told(&f, set_fd), 0);
    assert_gives(set(&f, CLIENT, f.client, TCP_SOCKET_SO_LINGER, 0), 0);
    assert_gives(close_fd(&f, CLIENT, f.client), 0); /* a reset */
    wire_pair_settle(&f.pair);
    assert_int_not_equal(told(&f, set_fd), 0);
    assert_int_equal(told(&f, set_fd), 0);
    done(&f);
}

static void once_means_until_it_is_changed(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    const int set_fd = open_set(&f);
    const uint32_t events = TCP_SOCKET_OUT | TCP_SOCKET_ONESHOT;
    assert_gives(change(&f, set_fd, TCP_SOCKET_EPOLL_ADD, f.server, events), 0);
    assert_int_equal(told(&f, set_fd), TCP_SOCKET_OUT);
    assert_int_equal(told(&f, set_fd), 0);
    assert_gives(change(&f, set_fd, TCP_SOCKET_EPOLL_MOD, f.server, events), 0);
    assert_int_equal(told(&f, set_fd), TCP_SOCKET_OUT);
    done(&f);
}

static void a_set_that_waits_is_woken_and_gives_the_datum(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    const int set_fd = open_set(&f);
    struct tcp_socket_epoll_event events[2];
    struct tcp_host *server = host_of(&f, SERVER);
    assert_gives(change(&f, set_fd, TCP_SOCKET_EPOLL_ADD, f.server, TCP_SOCKET_IN), 0);
    assert_gives(tcp_socket_epoll_wait(server, f.pair.now, set_fd, events, 2, 0), 0);
    const uint32_t waiting =
        pending(tcp_socket_epoll_wait(server, f.pair.now, set_fd, events, 2, FOR_EVER));
    assert_int_equal(ready(&f, SERVER), 0);
    send_one(&f);
    assert_int_equal(ready(&f, SERVER), waiting);
    assert_gives(resume(&f, SERVER, waiting, events, sizeof events), 1);
    assert_int_equal(events[0].data, f.server + 1000);
    assert_int_equal(events[0].events, TCP_SOCKET_IN);
    done(&f);
}

static void every_mistake_has_its_error(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    const int a = open_set(&f);
    const int b = open_set(&f);
    const int c = open_set(&f);
    struct tcp_socket_epoll_event event;
    struct tcp_host *server = host_of(&f, SERVER);
    const enum tcp_socket_epoll_change add = TCP_SOCKET_EPOLL_ADD, del = TCP_SOCKET_EPOLL_DEL;
    assert_fails(change(&f, 99, add, f.server, 1), TCP_SOCKET_EBADF);
    assert_fails(change(&f, f.server, add, f.listener, 1), TCP_SOCKET_EINVAL);
    assert_fails(change(&f, a, add, a, 1), TCP_SOCKET_EINVAL);
    assert_fails(change(&f, a, add, b, 1), TCP_SOCKET_EPERM);
    assert_fails(change(&f, a, add, 99, 1), TCP_SOCKET_EBADF);
    assert_fails(change(&f, a, (enum tcp_socket_epoll_change)9, f.server, 1), TCP_SOCKET_EINVAL);
    assert_fails(change(&f, a, del, f.server, 1), TCP_SOCKET_ENOENT);
    assert_fails(change(&f, a, TCP_SOCKET_EPOLL_MOD, f.server, 1), TCP_SOCKET_ENOENT);
    assert_gives(change(&f, a, add, f.server, 1), 0);
    assert_fails(change(&f, a, add, f.server, 1), TCP_SOCKET_EEXIST);
    assert_gives(change(&f, b, add, f.server, 1), 0);
    assert_fails(change(&f, c, add, f.server, 1), TCP_SOCKET_ENOSPC);
    assert_gives(close_fd(&f, SERVER, b), 0); /* its interests go with it */
    assert_gives(change(&f, c, add, f.server, 1), 0);
    assert_fails(tcp_socket_epoll_wait(server, f.pair.now, a, &event, 0, 0), TCP_SOCKET_EINVAL);
    assert_fails(tcp_socket_epoll_wait(server, f.pair.now, f.server, &event, 1, 0),
                 TCP_SOCKET_EINVAL);
    assert_fails(tcp_socket_epoll_wait(server, f.pair.now, b, &event, 1, 0), TCP_SOCKET_EBADF);
    assert_fails(read_into(&f, SERVER, a, &event, 1), TCP_SOCKET_ENOTSOCK);
    assert_fails(bind_to(&f, SERVER, a, 81), TCP_SOCKET_ENOTSOCK);
    assert_fails(get(&f, SERVER, a, TCP_SOCKET_SO_ERROR), TCP_SOCKET_ENOTSOCK);
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_phase_has_its_bits),
        cmocka_unit_test(waiting_ends_with_an_event_or_with_time),
        cmocka_unit_test(a_poll_that_blocks_has_at_most_so_many),
        cmocka_unit_test(levels_are_told_again_and_edges_once),
        cmocka_unit_test(room_is_news_only_after_a_write_found_none),
        cmocka_unit_test(text_does_not_use_up_the_news_of_room),
        cmocka_unit_test(the_end_of_a_connection_is_an_edge),
        cmocka_unit_test(once_means_until_it_is_changed),
        cmocka_unit_test(a_set_that_waits_is_woken_and_gives_the_datum),
        cmocka_unit_test(every_mistake_has_its_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
