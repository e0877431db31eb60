/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* posix_openpt() */

#include "tests/support/check_main.h"
#include "tests/support/di_check.h"
#include "tests/support/program.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The real program, against a server of ours on a socket of ours. */

/* ---- The server: a thread for each connection, which answers one request by its path. ---- */

enum {
	MOST = 256
};

static struct {
	int listener;
	uint16_t port;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t clients[MOST];
	int count;
	int open, most_open; /* connections at the same time that have no answer yet */
	int hanging;         /* requests that get no answer */
	int meeting, met;    /* requests that are answered once so many are there */
} server;

static void send_text(int fd, const char *text)
{
	if (send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		return;
}

static void send_body(int fd, size_t size, size_t told)
{
	char head[128];
	size_t i;

	snprintf(head, sizeof(head),
		 "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n"
		 "Connection: close\r\n\r\n",
		 told);
	send_text(fd, head);
	for (i = 0; i < size; i++) {
		char byte = (char)('a' + i % 26);

		if (send(fd, &byte, 1, MSG_NOSIGNAL) != 1)
			return;
	}
}

/* Until the client leaves, or all are let go. */
static void hang(int fd)
{
	char byte;

	pthread_mutex_lock(&server.lock);
	server.hanging++;
	pthread_cond_broadcast(&server.changed);
	pthread_mutex_unlock(&server.lock);
	while (recv(fd, &byte, 1, 0) > 0)
		continue;
}

static void meet(int fd)
{
	pthread_mutex_lock(&server.lock);
	server.met++;
	pthread_cond_broadcast(&server.changed);
	while (server.met < server.meeting)
		pthread_cond_wait(&server.changed, &server.lock);
	pthread_mutex_unlock(&server.lock);
	send_body(fd, 5, 5);
}

static void answer(int fd, const char *path)
{
	if (strncmp(path, "/size/", 6) == 0) {
		size_t size = strtoul(path + 6, NULL, 10);

		send_body(fd, size, size);
	} else if (strcmp(path, "/meet") == 0) {
		meet(fd);
	} else if (strcmp(path, "/hang") == 0) {
		hang(fd);
	} else if (strcmp(path, "/cut") == 0) {
		send_body(fd, 10, 100);
	} else if (strcmp(path, "/moved") == 0) {
		send_text(fd, "HTTP/1.1 302 Found\r\nLocation: /size/7\r\nContent-Length: 0\r\n"
			      "Connection: close\r\n\r\n");
	} else if (strcmp(path, "/around") == 0) {
		send_text(fd, "HTTP/1.1 302 Found\r\nLocation: /around\r\nContent-Length: 0\r\n"
			      "Connection: close\r\n\r\n");
	} else {
		send_text(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\nConnection: close\r\n"
			      "\r\nnone");
	}
}

static void *serve_one(void *data)
{
	int fd = (int)(intptr_t)data;
	char request[4096], path[256] = "";
	size_t length = 0;
	ssize_t got;

	while (length + 1 < sizeof(request) &&
	       (got = recv(fd, request + length, sizeof(request) - 1 - length, 0)) > 0) {
		length += (size_t)got;
		request[length] = '\0';
		if (strstr(request, "\r\n\r\n") != NULL)
			break;
	}
	request[length] = '\0';
	/* Before the answer: who has it all may open the next connection. */
	pthread_mutex_lock(&server.lock);
	server.open--;
	pthread_mutex_unlock(&server.lock);
	if (sscanf(request, "GET %255s", path) == 1)
		answer(fd, path);
	close(fd);
	return NULL;
}

static void *accept_all(void *data)
{
	int fd;

	(void)data;
	while ((fd = accept(server.listener, NULL, NULL)) >= 0) {
		pthread_mutex_lock(&server.lock);
		if (++server.open > server.most_open)
			server.most_open = server.open;
		pthread_create(&server.clients[server.count++], NULL, serve_one,
			       (void *)(intptr_t)fd);
		pthread_mutex_unlock(&server.lock);
	}
	return NULL;
}

static void server_start(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(at);

	memset(&server, 0, sizeof(server));
	pthread_mutex_init(&server.lock, NULL);
	pthread_cond_init(&server.changed, NULL);
	server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(server.listener, (struct sockaddr *)&at, sizeof(at)), 0);
	ck_assert_int_eq(listen(server.listener, MOST), 0);
	ck_assert_int_eq(getsockname(server.listener, (struct sockaddr *)&at, &size), 0);
	server.port = ntohs(at.sin_port);
	pthread_create(&server.thread, NULL, accept_all, NULL);
}

static void server_stop(void)
{
	shutdown(server.listener, SHUT_RDWR);
	pthread_join(server.thread, NULL);
	for (int i = 0; i < server.count; i++)
		pthread_join(server.clients[i], NULL);
	close(server.listener);
	pthread_cond_destroy(&server.changed);
	pthread_mutex_destroy(&server.lock);
}

static void expect_to_meet(int count)
{
	pthread_mutex_lock(&server.lock);
	server.meeting = count;
	pthread_mutex_unlock(&server.lock);
}

static int most_open(void)
{
	int most;

	pthread_mutex_lock(&server.lock);
	most = server.most_open;
	pthread_mutex_unlock(&server.lock);
	return most;
}

static void wait_for_hanging(int count)
{
	pthread_mutex_lock(&server.lock);
	while (server.hanging < count)
		pthread_cond_wait(&server.changed, &server.lock);
	pthread_mutex_unlock(&server.lock);
}

/* ---- The program. ---- */

enum {
	URLS_MAX = 64,
	LINES_MAX = 64
};

static char folder[] = "/tmp/test_feed.XXXXXX";
static char complaints_path[64];
static char lines[LINES_MAX][512];
static int line_count;
static struct program program;

static void setup(void)
{
	strcpy(folder + strlen(folder) - 6, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	snprintf(complaints_path, sizeof(complaints_path), "%s/stderr", folder);
	server_start();
}

static void remove_in(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

static void teardown(void)
{
	char name[16];

	server_stop();
	remove_in("stderr");
	for (int i = 1; i <= URLS_MAX; i++) {
		snprintf(name, sizeof(name), "%d", i);
		remove_in(name);
	}
	rmdir(folder);
}

static const char *feed_program(void)
{
	static char path[512];
	const char *build = getenv("DI_BUILD_DIR");

	snprintf(path, sizeof(path), "%s/samples/feed", build ? build : BUILD_DIR);
	return path;
}

/* Starts it with options and paths of the server's, which begin with @; NULL ends both. */
static void start(const char *const *arguments)
{
	static char urls[URLS_MAX][256];
	const char *argv[URLS_MAX + 2] = { feed_program() };
	int i;

	for (i = 0; arguments[i] != NULL; i++) {
		argv[i + 1] = arguments[i];
		if (arguments[i][0] != '@')
			continue;
		snprintf(urls[i], sizeof(urls[i]), "http://127.0.0.1:%d%s", (int)server.port,
			 arguments[i] + 1);
		argv[i + 1] = urls[i];
	}
	line_count = 0;
	ck_assert_int_eq(program_start(&program, argv, complaints_path), 0);
}

static void wait_for_line(void)
{
	ck_assert(program_read_line(&program, lines[line_count++], sizeof(lines[0])));
}

/* Waits for its end; returns its status. */
static int finish(int number)
{
	int status;

	if (number)
		kill(program.pid, number);
	while (line_count < LINES_MAX &&
	       program_read_line(&program, lines[line_count], sizeof(lines[0])))
		line_count++;
	status = program_end(&program, 0);
	return status;
}

#define FEED(...) (start((const char *const[]){ __VA_ARGS__, NULL }), finish(0))

/* How many lines have that in them. */
static int count_lines(const char *part)
{
	int count = 0;

	for (int i = 0; i < line_count; i++)
		count += strstr(lines[i], part) != NULL;
	return count;
}

#define expect_line(part_) ck_assert_msg(count_lines(part_) == 1, "%s", lines[0])

static void expect_complaint(const char *part)
{
	char *text = program_read_file(complaints_path);

	ck_assert_ptr_nonnull(text);
	ck_assert_msg(strstr(text, part) != NULL, "%s", text);
	free(text);
}

/* How many lines of them there are. */
static int complaints(void)
{
	char *text = program_read_file(complaints_path);
	int count = 0;

	for (const char *at = text; at != NULL && (at = strchr(at, '\n')) != NULL; at++)
		count++;
	free(text);
	return count;
}

/* ---- Fetching. ---- */

START_TEST(each_page_is_told_with_its_status_and_size)
{
	ck_assert_int_eq(FEED("@/size/3", "@/size/100000", "@/size/0"), 0);
	ck_assert_int_eq(line_count, 3);
	expect_line("200          3 bytes");
	expect_line("200     100000 bytes");
	expect_line("200          0 bytes");
	expect_complaint("3 fetched, 0 failed, 0 cancelled, 100003 bytes");
}
END_TEST

START_TEST(all_are_fetched_at_the_same_time)
{
	expect_to_meet(6);
	ck_assert_int_eq(FEED("@/meet", "@/meet", "@/meet", "@/meet", "@/meet", "@/meet"), 0);
	ck_assert_int_eq(count_lines("200          5 bytes"), 6);
}
END_TEST

START_TEST(no_more_connections_are_open_than_are_wanted)
{
	ck_assert_int_eq(FEED("-n", "2", "@/size/9", "@/size/9", "@/size/9", "@/size/9", "@/size/9",
			      "@/size/9", "@/size/9", "@/size/9"),
			 0);
	ck_assert_int_eq(line_count, 8);
	ck_assert_int_le(most_open(), 2);
}
END_TEST

START_TEST(what_has_moved_is_followed)
{
	ck_assert_int_eq(FEED("@/moved"), 0);
	expect_line("200          7 bytes");
}
END_TEST

START_TEST(pages_are_saved_by_their_number)
{
	char path[64];
	char *text;

	ck_assert_int_eq(FEED("-o", folder, "@/size/3", "@/size/30"), 0);
	snprintf(path, sizeof(path), "%s/1", folder);
	text = program_read_file(path);
	ck_assert_str_eq(text, "abc");
	free(text);
	snprintf(path, sizeof(path), "%s/2", folder);
	text = program_read_file(path);
	ck_assert_str_eq(text, "abcdefghijklmnopqrstuvwxyzabcd");
	free(text);
}
END_TEST

START_TEST(a_page_that_cannot_be_saved_is_told_by_its_name)
{
	ck_assert_int_eq(FEED("-o", "/nowhere", "@/size/3"), 1);
	expect_line("it could not be saved");
	expect_complaint("/size/3 is not saved as /nowhere/1: No such file or directory");
}
END_TEST

/* ---- What goes wrong. ---- */

START_TEST(one_that_fails_does_not_disturb_the_others)
{
	ck_assert_int_eq(FEED("@/none", "@/size/5", "@/cut", "@/around", "gopher://x"), 1);
	ck_assert_int_eq(line_count, 5);
	expect_line("404          4 bytes");
	expect_line("200          5 bytes");
	expect_line("/cut: page_fetch failed for feed_page: Connection reset by peer");
	expect_line("/around: page_fetch failed for feed_page: Too many levels of symbolic links");
	expect_line("gopher://x: page_fetch failed for feed_page: Protocol not supported");
	expect_complaint("1 fetched, 4 failed, 0 cancelled");
}
END_TEST

START_TEST(a_page_that_takes_too_long_is_given_up)
{
	ck_assert_int_eq(FEED("-t", "50", "@/hang", "@/size/5"), 1);
	expect_line("/hang: page_fetch failed for feed_page: Connection timed out");
	expect_line("200          5 bytes");
}
END_TEST

START_TEST(a_page_that_is_too_large_is_not_taken)
{
	ck_assert_int_eq(FEED("-m", "100", "@/size/101", "@/size/100"), 1);
	expect_line("/size/101: page_fetch failed for feed_page: File too large");
	expect_line("200        100 bytes");
}
END_TEST

/* ---- Interrupting. ---- */

START_TEST(an_interrupt_cancels_what_is_under_way_and_nothing_is_left_open)
{
	start((const char *const[]){ "@/hang", "@/hang", "@/size/5", "@/hang", NULL });
	wait_for_hanging(3);
	wait_for_line();
	ck_assert_int_eq(finish(SIGINT), 130);
	ck_assert_int_eq(count_lines("cancelled  http"), 3);
	/* It says nothing else, such as that something is left open. */
	expect_complaint("1 fetched, 0 failed, 3 cancelled, 5 bytes");
	ck_assert_int_eq(complaints(), 1);
}
END_TEST

START_TEST(an_interrupt_cancels_what_waits_for_a_connection_too)
{
	start((const char *const[]){ "-n", "1", "@/hang", "@/size/5", "@/size/6", NULL });
	wait_for_hanging(1);
	ck_assert_int_eq(finish(SIGINT), 130);
	ck_assert_int_eq(count_lines("cancelled  http"), 3);
	expect_complaint("0 fetched, 0 failed, 3 cancelled, 0 bytes");
}
END_TEST

/* ---- The terminal. ---- */

START_TEST(a_terminal_shows_how_far_it_is)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	char shown[4096] = "";
	size_t length = 0;
	ssize_t got;

	ck_assert_int_ge(terminal, 0);
	ck_assert_int_eq(grantpt(terminal), 0);
	ck_assert_int_eq(unlockpt(terminal), 0);
	snprintf(complaints_path, sizeof(complaints_path), "%s", ptsname(terminal));
	ck_assert_int_eq(FEED("@/size/3", "@/none"), 1);
	while (length + 1 < sizeof(shown) &&
	       (got = read(terminal, shown + length, sizeof(shown) - 1 - length)) > 0) {
		length += (size_t)got;
		shown[length] = '\0';
	}
	close(terminal);
	ck_assert_msg(strstr(shown, "0 of 2, 0 failed, 0 bytes") != NULL, "%s", shown);
	ck_assert_msg(strstr(shown, "1 of 2, 1 failed, 7 bytes") != NULL, "%s", shown);
	ck_assert_int_eq(line_count, 2);
}
END_TEST

/* ---- The command line. ---- */

START_TEST(wrong_usage_is_told)
{
	ck_assert_int_eq(FEED("-n", "0", "@/size/1"), 2);
	expect_complaint("feed: --connections takes a number from 1 to 1000, not '0'");
	ck_assert_int_eq(FEED("-t", "soon", "@/size/1"), 2);
	expect_complaint("feed: --timeout takes a number from 1 to 2147483647, not 'soon'");
	ck_assert_int_eq(FEED("-m", "1x", "@/size/1"), 2);
	expect_complaint("feed: --max-size takes a number");
	ck_assert_int_eq(FEED("--colour"), 2);
	expect_complaint("Try 'feed --help'.");
	ck_assert_int_eq(FEED("-n", "3"), 2);
	expect_complaint("feed: which URLs?");
}
END_TEST

START_TEST(help_and_version_are_told)
{
	ck_assert_int_eq(FEED("--help"), 0);
	expect_line("Usage: feed [OPTION]... URL...");
	ck_assert_int_eq(FEED("--version"), 0);
	expect_line("feed 0.1.0");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("samples/feed");
	TCase *feed = tcase_create("feed");

	tcase_add_checked_fixture(feed, setup, teardown);
	tcase_set_timeout(feed, 60);
	tcase_add_test(feed, each_page_is_told_with_its_status_and_size);
	tcase_add_test(feed, all_are_fetched_at_the_same_time);
	tcase_add_test(feed, no_more_connections_are_open_than_are_wanted);
	tcase_add_test(feed, what_has_moved_is_followed);
	tcase_add_test(feed, pages_are_saved_by_their_number);
	tcase_add_test(feed, a_page_that_cannot_be_saved_is_told_by_its_name);
	tcase_add_test(feed, one_that_fails_does_not_disturb_the_others);
	tcase_add_test(feed, a_page_that_takes_too_long_is_given_up);
	tcase_add_test(feed, a_page_that_is_too_large_is_not_taken);
	tcase_add_test(feed, an_interrupt_cancels_what_is_under_way_and_nothing_is_left_open);
	tcase_add_test(feed, an_interrupt_cancels_what_waits_for_a_connection_too);
	tcase_add_test(feed, a_terminal_shows_how_far_it_is);
	tcase_add_test(feed, wrong_usage_is_told);
	tcase_add_test(feed, help_and_version_are_told);
	suite_add_tcase(all, feed);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
