/* SPDX-License-Identifier: MIT */
#include "containers/yaml/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Files are the same where device and inode are: a diamond of includes is read once, a cycle is one
 * however its names are written. The limits hold for all files of a load together.
 */

static void without_memory(struct di__yaml_files *files)
{
	files->faults->no_memory = 1;
}

char *di__yaml_beside(const char *name, const char *other)
{
	const char *slash = other[0] == '/' ? NULL : strrchr(name, '/');
	size_t folder = slash != NULL ? (size_t)(slash - name) + 1 : 0;
	char *path = malloc(folder + strlen(other) + 1);

	if (path == NULL)
		return NULL;
	memcpy(path, name, folder);
	memcpy(path + folder, other, strlen(other) + 1);
	return path;
}

/* Who includes the file that is looked for: an item of a list, or nobody. */
struct asker {
	const struct di__yaml_index *index;
	uint32_t node;
};

static void refuse(struct di__yaml_files *files, const struct asker *asker, const char *name,
		   int cause)
{
	char buffer[128];
	const char *what = buffer;

	struct di__yaml_place nowhere = { 0, 0, 0 };

	files->is_incomplete = 1;
	if (cause == EINVAL)
		what = "it is no regular file";
	else if (cause == EMFILE)
		what = "there are too many files";
	else if (strerror_r(cause, buffer, sizeof(buffer)) != 0)
		what = "it is unknown why";
	if (asker == NULL)
		di__yaml_fault(files->faults, nowhere, "", "the file cannot be read: %s", what);
	else
		di__yaml_fault(files->faults, di__yaml_at(asker->index, asker->node),
			       DI__YAML_PATH(asker->index, asker->node), "cannot read %s: %s",
			       DI__YAML_QUOTED(name), what);
}

/* ---- Bytes. ---- */

/* Opens a regular file, and nothing that would keep us waiting. -1 with errno. */
static int open_regular(const char *name, struct stat *about)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return -1;
	if (fstat(fd, about) != 0)
		about->st_mode = 0;
	if (S_ISREG(about->st_mode))
		return fd;
	close(fd);
	errno = S_ISDIR(about->st_mode) ? EISDIR : EINVAL;
	return -1;
}

/* Reads until size bytes are there or the file ends; returns how many are, or -1. */
static ssize_t read_up_to(int fd, char *text, size_t length, size_t size)
{
	while (length < size) {
		ssize_t more = read(fd, text + length, size - length);

		if (more < 0 && errno == EINTR)
			continue;
		if (more < 0)
			return -1;
		if (more == 0)
			break;
		length += (size_t)more;
	}
	return (ssize_t)length;
}

/* At most so many bytes of a file of about that size, to be freed; NULL with errno. */
static char *read_all(int fd, size_t about, size_t most, size_t *size)
{
	size_t room = about < most ? about + 1 : most;
	char *text = NULL;
	ssize_t length = 0;

	for (;;) {
		char *grown = realloc(text, room);

		if (grown != NULL) {
			text = grown;
			length = read_up_to(fd, text, (size_t)length, room);
		}
		if (grown == NULL || length < 0) {
			free(text);
			return NULL;
		}
		*size = (size_t)length;
		if (*size < room || room == most)
			return text;
		room = room < most / 2 ? room * 2 : most;
	}
}

/* ---- Cycles. ---- */

/* Adds a name to the way, or dots where it gets long; returns the length. */
static size_t add_step(char *way, size_t length, size_t size, const char *name)
{
	int written = snprintf(way + length, size - length, "%s -> ", name);

	if (written < 0 || (size_t)written >= size - length)
		written = snprintf(way + length, size - length, "... -> ");
	return length + (size_t)written;
}

static void refuse_cycle(struct di__yaml_files *files, const struct asker *asker, uint32_t again)
{
	/* Room for the dots remains. */
	char way[DI__YAML_TEXT_SIZE / 2 + 16] = "";
	size_t length = 0;
	uint32_t i;

	for (i = 0; files->open[i] != again; i++)
		continue;
	for (; i < files->opened && length < DI__YAML_TEXT_SIZE / 2; i++)
		length = add_step(way, length, sizeof(way), files->items[files->open[i]]->name);
	di__yaml_fault(files->faults, di__yaml_at(asker->index, asker->node),
		       DI__YAML_PATH(asker->index, asker->node),
		       "the includes form a cycle: %s%.200s", way, files->items[again]->name);
}

/* Whether the file has been met before; it is refused where it is one that includes us. */
static int is_known(struct di__yaml_files *files, const struct asker *asker,
		    const struct stat *about)
{
	uint32_t i;

	for (i = 0; i < files->count; i++) {
		const struct di__yaml_file *file = files->items[i];

		if (file->device != about->st_dev || file->inode != about->st_ino)
			continue;
		if (file->is_open)
			refuse_cycle(files, asker, i);
		return 1;
	}
	return 0;
}

/* ---- Files. ---- */

static void read_one(struct di__yaml_files *files, const char *name, const struct asker *asker);

/* The file of that number, by the way, is in the array for good. NULL without memory. */
static struct di__yaml_file *add(struct di__yaml_files *files, const char *name)
{
	struct di__yaml_file *file = calloc(1, sizeof(*file));

	if (file == NULL) {
		without_memory(files);
		return NULL;
	}
	file->index.file = files->count;
	file->name = di__yaml_beside("", name);
	files->items[files->count++] = file;
	if (file->name == NULL)
		without_memory(files);
	return file;
}

/* At most DI__YAML_FILES_MAX deep. NOLINTNEXTLINE(misc-no-recursion) */
static void read_includes(struct di__yaml_files *files, const struct di__yaml_file *file)
{
	const struct di__yaml_document *document = file->document;
	struct asker asker = { &file->index, di__yaml_index_find(&file->index, 0, "includes") };
	uint32_t i;

	asker.node = asker.node != 0 ? file->index.nodes[asker.node].first : 0;
	for (i = 0; i < document->includes_count && !files->faults->no_memory; i++) {
		char *name = di__yaml_beside(file->name, document->includes[i]);

		if (name == NULL)
			without_memory(files);
		else
			read_one(files, name, &asker);
		free(name);
		asker.node = file->index.nodes[asker.node].next;
	}
}

/* Without the mark that some editors put in front of UTF-8; it is no part of the text. */
static void skip_mark(const char **text, size_t *size)
{
	if (*size < 3 || memcmp(*text, "\xef\xbb\xbf", 3) != 0)
		return;
	*text += 3;
	*size -= 3;
}

/* What each item costs is more than memory. */
static int has_few(struct di__yaml_files *files, const struct di__yaml_file *file, const char *key,
		   uint32_t count)
{
	uint32_t node = di__yaml_index_find(&file->index, 0, key);

	if (count <= DI__YAML_FILES_MAX)
		return 1;
	di__yaml_fault(files->faults, di__yaml_at_key(&file->index, node), key,
		       "there are at most %d %s, not %u", DI__YAML_FILES_MAX, key, (unsigned)count);
	return 0;
}

/* A document whose lists are short enough to be followed; NULL where it cannot be read. */
static struct di__yaml_document *read_document(struct di__yaml_files *files,
					       const struct di__yaml_file *file, const char *text,
					       size_t size)
{
	struct di__yaml_document *document =
		di__yaml_read(text, size, &file->index, &files->budget, files->faults);
	int is_short;

	if (document == NULL)
		return NULL;
	files->connects += document->connects_count;
	files->plugins += document->plugins_count;
	is_short = has_few(files, file, "includes", document->includes_count);
	is_short &= has_few(files, file, "connects", files->connects);
	is_short &= has_few(files, file, "plugins", files->plugins);
	if (is_short)
		return document;
	di__yaml_document_free(document, &files->budget);
	return NULL;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void take_text(struct di__yaml_files *files, struct di__yaml_file *file, const char *text,
		      size_t size)
{
	struct di__yaml_limits limits = files->limits;
	size_t whole = size;

	if (file == NULL || file->name == NULL)
		return;
	skip_mark(&text, &size);
	if (whole > limits.bytes)
		di__yaml_fault(files->faults, (struct di__yaml_place){ file->index.file, 0, 0 }, "",
			       "the %s more than %zu bytes",
			       files->count > 1 ? "files have together" : "file has",
			       files->limits.bytes_most);
	else if (di__yaml_scan(&file->index, text, size, &limits, files->faults) &&
		 di__yaml_check(&file->index, &di__yaml_schema, files->faults))
		file->document = read_document(files, file, text, size);
	files->is_incomplete |= file->document == NULL;
	files->limits.bytes -= whole < limits.bytes ? whole : limits.bytes;
	files->limits.nodes -= file->index.count < limits.nodes ? file->index.count : limits.nodes;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void follow_includes(struct di__yaml_files *files, struct di__yaml_file *file)
{
	if (file == NULL || file->document == NULL)
		return;
	file->is_open = 1;
	files->open[files->opened++] = file->index.file;
	read_includes(files, file);
	files->opened--;
	file->is_open = 0;
	files->order[files->ordered++] = file->index.file;
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void read_open(struct di__yaml_files *files, const char *name, int fd,
		      const struct stat *about, const struct asker *asker)
{
	size_t size = 0;
	char *text = read_all(fd, (size_t)about->st_size, files->limits.bytes + 1, &size);
	struct di__yaml_file *file = NULL;

	if (text == NULL && errno == ENOMEM) {
		without_memory(files);
	} else if (text == NULL) {
		refuse(files, asker, name, errno);
	} else {
		file = add(files, name);
		if (file != NULL) {
			file->device = about->st_dev;
			file->inode = about->st_ino;
		}
		take_text(files, file, text, size);
	}
	free(text);
	close(fd);
	follow_includes(files, file);
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void read_one(struct di__yaml_files *files, const char *name, const struct asker *asker)
{
	struct stat about;
	int fd;

	if (files->count == DI__YAML_FILES_MAX) {
		refuse(files, asker, name, EMFILE);
		return;
	}
	fd = open_regular(name, &about);
	if (fd < 0) {
		refuse(files, asker, name, errno);
		return;
	}
	if (is_known(files, asker, &about))
		close(fd);
	else
		read_open(files, name, fd, &about, asker);
}

void di__yaml_files_read(struct di__yaml_files *files, const char *name)
{
	read_one(files, name, NULL);
}

void di__yaml_files_take(struct di__yaml_files *files, const char *name, const char *text,
			 size_t size)
{
	struct di__yaml_file *file = add(files, name);

	take_text(files, file, text, size);
	follow_includes(files, file);
}

void di__yaml_files_release(struct di__yaml_files *files)
{
	uint32_t i;

	for (i = 0; i < files->count; i++) {
		struct di__yaml_file *file = files->items[i];

		di__yaml_document_free(file->document, &files->budget);
		di__yaml_index_release(&file->index);
		free(file->name);
		free(file);
	}
	files->count = files->ordered = 0;
}
