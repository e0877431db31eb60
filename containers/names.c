/* SPDX-License-Identifier: MIT */
#include "containers/names.h"

#include <string.h>
#include <time.h>

enum {
	FIRST_BUCKETS = 64,
	LONGEST = 63 /* of names that are compared by their letters */
};

/* Both halves of the product. */
static uint64_t fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
	uint64_t left = (a >> 32) * (b & UINT32_MAX), right = (a & UINT32_MAX) * (b >> 32);
	uint64_t carry = ((low >> 32) + (left & UINT32_MAX) + (right & UINT32_MAX)) >> 32;

	return (low + (left << 32) + (right << 32)) ^ (high + (left >> 32) + (right >> 32) + carry);
#endif
}

/* What differs from run to run: the clock, and where things stand in memory. */
static uint64_t secret_of(const struct di__names *names)
{
	struct timespec now = { 0, 0 };

	clock_gettime(CLOCK_REALTIME, &now);
	return fold((uint64_t)now.tv_nsec << 32 ^ (uint64_t)now.tv_sec ^ (uintptr_t)names,
		    UINT64_C(0xd6e8feb86659fd93) ^ (uintptr_t)secret_of) |
	       1;
}

void di__names_init(struct di__names *names, struct di__pool *pool)
{
	*names = (struct di__names){ .pool = pool };
	names->secret = secret_of(names);
}

/* Letters, digits and _, and no digit in front. */
static int is_identifier(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		char c = text[i];
		int is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';

		if (!is_letter && (i == 0 || c < '0' || c > '9'))
			return 0;
	}
	return length > 0;
}

/* At most eight bytes as one number; which bytes it has twice, the length says. */
static uint64_t rest_of(const char *text, size_t length)
{
	uint32_t first = 0, last = 0;
	size_t i;

	if (length >= 4) {
		memcpy(&first, text, 4);
		memcpy(&last, text + length - 4, 4);
	} else {
		for (i = 0; i < length; i++)
			first = first << 8 | (unsigned char)text[i];
	}
	return (uint64_t)last << 32 | first;
}

/*
 * Eight bytes at a time, since each name that is given is looked up. Whoever writes the names does
 * not know the secret.
 */
static uint32_t hash_of(const struct di__names *names, const char *text, size_t length)
{
	const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = names->secret ^ length, word;

	for (; length > 8; text += 8, length -= 8) {
		memcpy(&word, text, 8);
		hash = fold(hash ^ word, names->secret ^ factor);
	}
	hash = fold(hash ^ rest_of(text, length), names->secret ^ factor);
	return (uint32_t)(hash ^ hash >> 32);
}

/* The old buckets stay in the pool: all of them together are smaller than the new ones. */
static int grow(struct di__names *names)
{
	uint32_t count = names->buckets_count > 0 ? names->buckets_count * 4 : FIRST_BUCKETS;
	struct di__name **buckets = di__pool_array(names->pool, count, sizeof(struct di__name *));
	struct di__name *at;

	if (buckets == NULL)
		return 0;
	for (at = names->newest; at != NULL; at = at->older) {
		struct di__name **bucket = &buckets[at->hash & (count - 1)];

		at->next = *bucket;
		*bucket = at;
	}
	names->buckets = buckets;
	names->buckets_count = count;
	return 1;
}

static struct di__name *add(struct di__names *names, const char *text, size_t length, uint32_t hash)
{
	struct di__name *name, **bucket;
	size_t size;

	if (names->count >= names->buckets_count && !grow(names))
		return NULL;
	if (length >= UINT32_MAX)
		return NULL;
	size = offsetof(struct di__name, text) + length + 1;
	name = di__pool_take(names->pool, size > sizeof(*name) ? size : sizeof(*name));
	if (name == NULL)
		return NULL;
	*name = (struct di__name){ .length = (uint32_t)length, .hash = hash };
	memcpy(name->text, text, length);
	name->text[length] = '\0';
	name->is_identifier = (uint8_t)is_identifier(text, length);
	bucket = &names->buckets[hash & (names->buckets_count - 1)];
	name->next = *bucket;
	*bucket = name;
	name->older = names->newest;
	names->newest = name;
	names->count++;
	return name;
}

struct di__name *di__names_enter(struct di__names *names, const char *text, size_t length)
{
	uint32_t hash = hash_of(names, text, length);
	struct di__name *at = NULL;

	if (names->buckets_count > 0)
		at = names->buckets[hash & (names->buckets_count - 1)];
	for (; at != NULL; at = at->next) {
		if (at->hash == hash && at->length == length && memcmp(at->text, text, length) == 0)
			return at;
	}
	return add(names, text, length, hash);
}

/* ---- What was meant. ---- */

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * The distance of Levenshtein where two letters exchanged count as one step: each row of the matrix
 * needs the two before it.
 */
uint32_t di__distance(const char *a, const char *b, uint32_t limit)
{
	size_t a_length = strlen(a), b_length = strlen(b), i, k;
	uint8_t rows[3][LONGEST + 1];

	if (a_length > LONGEST || b_length > LONGEST || a_length > b_length + limit ||
	    b_length > a_length + limit)
		return limit + 1;
	for (k = 0; k <= b_length; k++)
		rows[0][k] = (uint8_t)k;
	for (i = 1; i <= a_length; i++) {
		uint8_t *row = rows[i % 3];
		const uint8_t *last = rows[(i - 1) % 3], *before = rows[(i + 1) % 3];

		row[0] = (uint8_t)i;
		for (k = 1; k <= b_length; k++) {
			uint32_t steps = last[k - 1] + (a[i - 1] == b[k - 1] ? 0U : 1U);

			steps = least(steps, least(last[k], row[k - 1]) + 1U);
			if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
				steps = least(steps, before[k - 2] + 1U);
			row[k] = (uint8_t)steps;
		}
	}
	return least(rows[a_length % 3][b_length], limit + 1);
}

uint32_t di__distance_limit(const char *text)
{
	return least((uint32_t)(strlen(text) + 3) / 4, 4);
}

const struct di__name *di__names_nearest(const struct di__names *names, const char *text,
					 di__fits_fn *fits, const void *data, size_t *budget)
{
	const struct di__name *at, *nearest = NULL;
	uint32_t limit = di__distance_limit(text);

	for (at = names->newest; at != NULL && *budget > 0 && limit > 0; at = at->older) {
		uint32_t distance;

		*budget -= 1;
		if (!fits(at, data))
			continue;
		distance = di__distance(text, at->text, limit);
		if (distance < limit || (distance == limit && nearest == NULL)) {
			limit = distance;
			nearest = at;
		}
	}
	return nearest;
}
