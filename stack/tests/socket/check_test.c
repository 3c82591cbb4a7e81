/* Each invariant of the socket tables is broken once, and named. */
#include "fixture.h"

#include "socket/socket.h"

static struct socket_record *record_of(struct fixture *f, int host, int fd)
{
    struct socket_record *record = socket_find(host_of(f, host), fd);
    assert_non_null(record);
    return record;
}

/* Says what is broken, mends the record, and looks again. */
static void expect_broken(struct fixture *f, int host, struct socket_record *record,
                          struct socket_record sound, const char *name)
{
    const char *broken = tcp_socket_check(host_of(f, host));
    assert_non_null(broken);
    assert_string_equal(broken, name);
    *record = sound;
    assert_null(tcp_socket_check(host_of(f, host)));
}

static void broken_records_are_named(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    struct socket_record *record = record_of(&f, SERVER, f.server);
    const struct socket_record sound = *record;
    record->phase = 9;
    expect_broken(&f, SERVER, record, sound, "socket: the phase is a known one");
    record->ip_version = 5;
    expect_broken(&f, SERVER, record, sound, "socket: the IP version is 4 or 6");
    record->ip_version = 6;
    expect_broken(&f, SERVER, record, sound,
                  "socket: a connection has its descriptor's IP version");
    record->flags |= 1u << 31;
    expect_broken(&f, SERVER, record, sound, "socket: only known flags are set");
    record->ds = SOCKET_DS_MAX + 2;
    expect_broken(&f, SERVER, record, sound, "socket: the DS field has six bits");
    record->flags |= SOCKET_BOUND;
    expect_broken(&f, SERVER, record, sound, "socket: bound descriptors have a port, others none");
    record->phase = SOCKET_IDLE;
    expect_broken(&f, SERVER, record, sound, "socket: an idle descriptor holds no connection");
    record->generation += 1;
    expect_broken(&f, SERVER, record, sound, "socket: a descriptor's connection exists");
    record->phase = SOCKET_FREE;
    expect_broken(&f, SERVER, record, sound, "socket: a free record is zero");
    record->phase = SOCKET_LISTENING;
    expect_broken(&f, SERVER, record, sound, "socket: a listening descriptor is bound");
    record->phase = SOCKET_EPOLL;
    expect_broken(&f, SERVER, record, sound, "socket: an epoll set holds no connection");
    assert_int_equal(tcp_host_release(host_of(&f, SERVER), f.pair.now, socket_handle(record)),
                     TCP_OK);
    assert_string_equal(tcp_socket_check(host_of(&f, SERVER)),
                        "socket: a descriptor owns its connection");
    memset(record, 0, sizeof *record);
    done(&f);
}

/* Watches name epoll sets, of which the first may stand in the first descriptor, and none behind the
 * last. */
static void watches_of_no_set_are_named(void **state)
{
    (void)state;
    struct fixture f;
    two_hosts(&f);
    const struct tcp_socket_result set_fd = tcp_socket_epoll_open(host_of(&f, SERVER), f.pair.now);
    assert_int_equal(set_fd.value, SOCKET_FIRST_DESCRIPTOR);
    f.server = open_socket(&f, SERVER);
    const struct tcp_socket_epoll_event event = {.events = TCP_SOCKET_IN};
    assert_gives(tcp_socket_epoll_change(host_of(&f, SERVER), f.pair.now, (int)set_fd.value,
                                         TCP_SOCKET_EPOLL_ADD, f.server, &event),
                 0);
    assert_null(tcp_socket_check(host_of(&f, SERVER)));
    struct socket_record *record = record_of(&f, SERVER, f.server);
    const int sockets = (int)tcp_host_limits(host_of(&f, SERVER))->sockets;
    const struct socket_record sound = *record;
    const int wrong[] = {SOCKET_FIRST_DESCRIPTOR - 1, SOCKET_FIRST_DESCRIPTOR + 1,
                         SOCKET_FIRST_DESCRIPTOR + sockets, -1};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        record->watches[0].epoll_fd = wrong[i];
        assert_string_equal(tcp_socket_check(host_of(&f, SERVER)),
                            "socket: an epoll set watches for each interest");
        *record = sound;
    }
    assert_null(tcp_socket_check(host_of(&f, SERVER)));
    done(&f);
}

/* Free records are many: their inside is looked at in turn, one at each step. */
static void what_stands_in_a_free_record_is_found_within_a_turn_of_all(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    struct socket_record *record = record_of(&f, SERVER, open_socket(&f, SERVER));
    memset(record, 0, sizeof *record);
    assert_null(tcp_socket_check(host_of(&f, SERVER)));
    record->linger_s = 1;
    const uint32_t sockets = tcp_host_limits(host_of(&f, SERVER))->sockets;
    uint32_t found = 0;
    for (uint32_t step = 0; step < sockets; step++) {
        assert_int_equal(tcp_host_push(host_of(&f, SERVER), f.pair.now,
                                       socket_handle(record_of(&f, SERVER, f.server))),
                         TCP_OK);
        const char *broken = tcp_socket_check(host_of(&f, SERVER));
        if (broken != NULL) {
            assert_string_equal(broken, "socket: a free record is zero");
            found++;
        }
    }
    assert_int_equal(found, 1);
    record->linger_s = 0;
    done(&f);
}

static void broken_relations_are_named(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    struct socket_record *listener = record_of(&f, SERVER, f.listener);
    const struct socket_record sound = *listener;
    const struct socket_record *server = record_of(&f, SERVER, f.server);
    listener->slot = server->slot;
    listener->generation = server->generation;
    expect_broken(&f, SERVER, listener, sound,
                  "socket: listening descriptors have listeners, others connections");
    struct socket_record *other = record_of(&f, SERVER, open_socket(&f, SERVER));
    const struct socket_record idle = *other;
    *other = *server;
    expect_broken(&f, SERVER, other, idle, "socket: no connection is behind two descriptors");
    done(&f);
}

static void expect_operation(struct fixture *f, struct socket_operation *operation,
                             struct socket_operation sound, const char *name)
{
    const char *broken = tcp_socket_check(host_of(f, CLIENT));
    assert_non_null(broken);
    assert_string_equal(broken, name);
    *operation = sound;
    assert_null(tcp_socket_check(host_of(f, CLIENT)));
}

static void broken_operations_are_named(void **state)
{
    (void)state;
    struct fixture f;
    connected(&f);
    uint8_t byte = 0;
    const uint32_t number = pending(read_into(&f, CLIENT, f.client, &byte, 1));
    (void)pending(read_into(&f, CLIENT, f.client, &byte, 1));
    uint8_t *table = (uint8_t *)host_operations(host_of(&f, CLIENT));
    struct socket_operation *operation = NULL;
    const uint32_t operations = tcp_host_limits(host_of(&f, CLIENT))->operations;
    for (uint32_t index = 0; index < operations; index++) {
        struct socket_operation *candidate =
            (struct socket_operation *)(void *)(table + (size_t)index * HOST_OPERATION_BYTES);
        if (candidate->state != SOCKET_OPERATION_FREE && candidate->number == number)
            operation = candidate;
    }
    assert_non_null(operation);
    const struct socket_operation sound = *operation;
    operation->state = 7;
    expect_operation(&f, operation, sound, "operation: the state is a known one");
    operation->number = 0;
    expect_operation(&f, operation, sound, "operation: a pending one has a name");
    operation->number = number + 1;
    expect_operation(&f, operation, sound, "operation: names are unique");
    operation->kind = 9;
    expect_operation(&f, operation, sound, "operation: the kind is a known one");
    operation->kind = TCP_SOCKET_ACCEPT;
    expect_operation(&f, operation, sound, "operation: listeners accept, nothing else does");
    operation->done = 2;
    expect_operation(&f, operation, sound, "operation: no more is done than was wanted");
    operation->kind = TCP_SOCKET_CONNECT;
    operation->done = 1;
    expect_operation(&f, operation, sound, "operation: only transfers are done in parts");
    operation->polled_count = 1;
    expect_operation(&f, operation, sound, "operation: polls have descriptors, nothing else does");
    operation->kind = TCP_SOCKET_EPOLL_WAIT;
    expect_operation(&f, operation, sound, "operation: epoll sets wait, nothing else does");
    operation->kind = TCP_SOCKET_CLOSE;
    expect_operation(&f, operation, sound, "operation: what lingers is being closed");
    operation->ended = TCP_SOCKET_EPIPE;
    expect_operation(&f, operation, sound, "operation: it ended by close or without a connection");
    operation->fd = 40;
    expect_operation(&f, operation, sound, "operation: its descriptor is open");
    operation->state = SOCKET_OPERATION_FREE;
    expect_operation(&f, operation, sound, "operation: a free one is zero");
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_records_are_named),
        cmocka_unit_test(watches_of_no_set_are_named),
        cmocka_unit_test(what_stands_in_a_free_record_is_found_within_a_turn_of_all),
        cmocka_unit_test(broken_relations_are_named),
        cmocka_unit_test(broken_operations_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
