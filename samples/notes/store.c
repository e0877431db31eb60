/* SPDX-License-Identifier: MIT */
#include "samples/notes/store.h"
#include "samples/notes/connection.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

struct store {
	struct store_options options;
	dev_t device; /* with inode: which file it is that we have opened */
	ino_t inode;
	pthread_mutex_t lock;
	struct connection *idle;
};

static int open_another(const struct store *store, struct connection **out)
{
	return connection_open(out, &store->options);
}

/* The first connection makes the file, and stays for the first session. */
static int prepare(struct store *store)
{
	struct stat file;
	int rc = open_another(store, &store->idle);

	if (rc)
		return rc;
	rc = connection_create_tables(store->idle);
	if (rc)
		return rc;
	if (stat(store->options.path, &file))
		return errno;
	store->device = file.st_dev;
	store->inode = file.st_ino;
	return 0;
}

int store_open(struct store **out, const char *path, const char *journal, int busy_timeout_ms)
{
	struct store *store = calloc(1, sizeof(*store));
	int rc;

	if (!store)
		return ENOMEM;
	store->options = (struct store_options){ path, journal, busy_timeout_ms };
	pthread_mutex_init(&store->lock, NULL);
	rc = prepare(store);
	if (rc) {
		store_close(store);
		return rc;
	}
	*out = store;
	return 0;
}

void store_close(struct store *store)
{
	while (store->idle) {
		struct connection *connection = store->idle;

		store->idle = connection->next;
		connection_close(connection);
	}
	pthread_mutex_destroy(&store->lock);
	free(store);
}

static int check_file(const struct store *store)
{
	struct stat file;

	if (stat(store->options.path, &file))
		return errno == ENOENT ? ESTALE : errno;
	return file.st_dev == store->device && file.st_ino == store->inode ? 0 : ESTALE;
}

int store_borrow(struct store *store, struct connection **out)
{
	struct connection *connection;
	int rc = check_file(store);

	if (rc)
		return rc;
	pthread_mutex_lock(&store->lock);
	connection = store->idle;
	if (connection)
		store->idle = connection->next;
	pthread_mutex_unlock(&store->lock);
	if (!connection)
		return open_another(store, out);
	*out = connection;
	return 0;
}

void store_give_back(struct store *store, struct connection *connection)
{
	pthread_mutex_lock(&store->lock);
	connection->next = store->idle;
	store->idle = connection;
	pthread_mutex_unlock(&store->lock);
}
