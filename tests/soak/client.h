/* SPDX-License-Identifier: MIT */
#ifndef DI_SOAK_CLIENT_H
#define DI_SOAK_CLIENT_H

/**
 * One client of an HTTP service, well-behaved or not: a connection that never blocks, and what is
 * to be done with it. What that is comes from a plan, in one script or several after each other.
 */

#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct client;

enum {
	SCRIPT_SIZE = 128 * 1024,
	REPLY_SIZE = 16 * 1024,
	EXPECTED_MAX = 8
};

/** How a client goes away. */
enum leaving {
	LEAVE_CLOSING,
	LEAVE_RESETTING, /**< the peer reads ECONNRESET */
	LEAVE_SHUT       /**< the sending side at once, the other after hold_ms */
};

/** What an expected reply says about how many notes there are. */
enum effect {
	CHANGES_NOTHING,
	ADDS_A_NOTE,
	REMOVES_A_NOTE
};

/** One reply that must come. */
struct expected {
	int status;
	int bare; /**< 1: it has no body, whatever its length says: the reply to HEAD */
	enum effect effect;
	char text[64]; /**< what must occur in it */
};

/** What to send, what must come back, and how to leave. */
struct script {
	char text[SCRIPT_SIZE];
	size_t size;
	size_t piece; /**< bytes sent at once; 0: all */
	int pause_ms; /**< between pieces */
	struct expected expected[EXPECTED_MAX];
	int expecting;
	int deaf;    /**< 1: nothing is read */
	int hold_ms; /**< how long to stay once nothing more is expected */
	enum leaving leaving;
};

/**
 * Writes the script of client->step, the first being 0. It is called again while steps are left.
 */
typedef void plan_fn(struct client *client, uint64_t *seed);

/** What a client is to do. */
struct plan {
	const char *name;
	plan_fn *write;
	int steps;
	int weight; /**< how often, compared to others */
};

/** What became of clients, of many together. */
struct tally {
	unsigned long long answers; /**< expected replies that came and were right */
	unsigned long long wrong;   /**< others that came instead */
	unsigned long long late;    /**< did not come in time */
	unsigned long long lost;    /**< did not come before the service closed the connection */
	unsigned long long added, removed;             /**< notes, as the service told */
	unsigned long long added_maybe, removed_maybe; /**< by requests whose reply was lost */
	int gone; /**< 1: the service does not take connections any more */
};

enum state {
	IDLE,
	CONNECTING,
	SENDING,
	LISTENING, /* for expected replies */
	HOLDING
};

struct client {
	const struct plan *plan;
	enum state state;
	int fd;
	int step;
	int steps;
	uint64_t serial; /**< of the connection */
	uint64_t id;     /**< of the note that a reply has named, for later steps */
	int64_t due_ms;  /**< when it moves even if nothing comes */
	int64_t late_ms; /**< when what is expected should long be there */
	size_t sent;
	int met; /**< of script.expected */
	size_t received;
	char reply[REPLY_SIZE + 1];
	struct script script;
};

/** Milliseconds of a clock that does not jump. */
int64_t now_ms(void);

/** Begins a plan on a new connection to 127.0.0.1. Where there is none to be had it stays idle. */
void client_begin(struct client *client, const struct plan *plan, uint16_t port, uint64_t serial,
		  uint64_t *seed, struct tally *tally);

/** What to poll its fd for. */
short client_events(const struct client *client);

/** Does what can be done now; events is what poll() said. It is idle when the plan has ended. */
void client_move(struct client *client, short events, uint64_t *seed, struct tally *tally);

/** Ends it unless replies are expected: those are waited for. */
void client_wind_up(struct client *client);

#endif
