/* SPDX-License-Identifier: MIT */
#include "tests/soak/client.h"
#include "tests/soak/plans.h"
#include "tests/soak/script.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Many clients of the notes service at once, most of which misbehave, until SIGTERM or until the
 * service takes no more connections. "under way" is printed once they have got some right answers,
 * and at the end a line "name number" for each figure.
 */

enum {
	CLIENTS = 48,
	REST_MS = 40,         /* at most, between two connections of a client */
	UNDER_WAY = 100,      /* right answers */
	MOST_AT_ONCE_MS = 100 /* of waiting: how soon a signal is noticed */
};

static volatile sig_atomic_t told_to_end;

static void on_signal(int number)
{
	(void)number;
	told_to_end = 1;
}

struct crowd {
	uint16_t port;
	uint64_t seed;
	uint64_t connections;
	unsigned long long did[PLANS]; /* how often each plan was begun */
	struct client *clients;
	struct tally tally;
};

static int ending(const struct crowd *crowd)
{
	return told_to_end || crowd->tally.gone;
}

static void begin(struct crowd *crowd, struct client *client)
{
	const struct plan *plan = plan_pick(&crowd->seed);

	client_begin(client, plan, crowd->port, ++crowd->connections, &crowd->seed, &crowd->tally);
	crowd->did[plan - plans]++;
}

/* Begins what is idle and rested; returns how many are not idle. */
static int begin_idle(struct crowd *crowd)
{
	int busy = 0;

	for (int i = 0; i < CLIENTS; i++) {
		struct client *client = &crowd->clients[i];

		if (client->state == IDLE && !ending(crowd) && now_ms() >= client->due_ms)
			begin(crowd, client);
		busy += client->state != IDLE;
	}
	return busy;
}

static int wait_ms(const struct crowd *crowd)
{
	int64_t now = now_ms(), least = MOST_AT_ONCE_MS;

	for (int i = 0; i < CLIENTS; i++) {
		int64_t left = crowd->clients[i].due_ms - now;

		if (left > 0 && left < least)
			least = left;
	}
	return (int)least;
}

static void move(struct crowd *crowd, struct client *client, short events)
{
	client_move(client, events, &crowd->seed, &crowd->tally);
	if (client->state == IDLE)
		client->due_ms = now_ms() + random_from(&crowd->seed, 0, REST_MS);
}

static void turn(struct crowd *crowd)
{
	struct pollfd fds[CLIENTS];

	for (int i = 0; i < CLIENTS; i++) {
		const struct client *client = &crowd->clients[i];

		fds[i] = (struct pollfd){ .fd = client->state == IDLE ? -1 : client->fd };
		if (client->state != IDLE)
			fds[i].events = client_events(client);
	}
	if (poll(fds, CLIENTS, wait_ms(crowd)) < 0)
		return;
	for (int i = 0; i < CLIENTS; i++) {
		if (fds[i].fd >= 0)
			move(crowd, &crowd->clients[i], fds[i].revents);
	}
}

static void announce(const struct crowd *crowd)
{
	static int announced;

	if (announced || crowd->tally.answers < UNDER_WAY)
		return;
	announced = 1;
	puts("under way");
	fflush(stdout);
}

static void wind_up(struct crowd *crowd)
{
	for (int i = 0; i < CLIENTS; i++)
		client_wind_up(&crowd->clients[i]);
}

static void run(struct crowd *crowd)
{
	int busy = 1;

	while (busy || !ending(crowd)) {
		busy = begin_idle(crowd);
		turn(crowd);
		announce(crowd);
		if (told_to_end)
			wind_up(crowd);
	}
}

static void report(const struct crowd *crowd)
{
	const struct tally *tally = &crowd->tally;
	long long kept = (long long)tally->added - (long long)tally->removed;

	printf("connections %llu\n", (unsigned long long)crowd->connections);
	printf("answers %llu\n", tally->answers);
	printf("wrong %llu\n", tally->wrong);
	printf("late %llu\n", tally->late);
	printf("lost %llu\n", tally->lost);
	printf("kept_least %lld\n", kept - (long long)tally->removed_maybe);
	printf("kept_most %lld\n", kept + (long long)tally->added_maybe);
	for (int i = 0; i < PLANS; i++)
		printf("did %llu %s\n", crowd->did[i], plans[i].name);
}

int main(int argc, char **argv)
{
	struct sigaction end = { .sa_handler = on_signal };
	struct crowd crowd = { .seed = 1 };

	if (argc < 2 || argc > 3) {
		fputs("usage: garbage PORT [SEED]\n", stderr);
		return 2;
	}
	crowd.port = (uint16_t)atoi(argv[1]);
	if (argc == 3)
		crowd.seed = strtoull(argv[2], NULL, 10) | 1;
	crowd.clients = calloc(CLIENTS, sizeof(*crowd.clients));
	if (!crowd.clients)
		return 1;
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGINT, &end, NULL);
	run(&crowd);
	report(&crowd);
	free(crowd.clients);
	return 0;
}
