/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A configuration that is read by the loop, and what needs it. */

struct config {
	uv_fs_t fs;
	struct di_call *call;
	uv_file file;
	int failure;
	char text[64];
};

struct greeting {
	char text[80];
};

static char path[] = "/tmp/di-uv-XXXXXX";
static int frees;

static int config_new(struct di_call *call);
static void config_free(struct config *config);
static int greeting_init(struct greeting *greeting, const struct config *config);

/* clang-format off */
#define APP(X) \
	X(async_singleton, app_config,   struct config,   (config_new),                          config_free) \
	X(singleton,       app_greeting, struct greeting, DI_INIT(greeting_init, app_config),    di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

static void end_reading(struct config *config)
{
	struct di_call *call = config->call;
	int failure = config->failure;

	if (failure != 0)
		free(config);
	app_config_complete(call, failure, failure == 0 ? config : NULL);
}

static void closed(uv_fs_t *fs)
{
	struct config *config = fs->data;

	uv_fs_req_cleanup(fs);
	end_reading(config);
}

static void was_read(uv_fs_t *fs)
{
	struct config *config = fs->data;

	if (fs->result < 0)
		config->failure = (int)-fs->result;
	uv_fs_req_cleanup(fs);
	uv_fs_close(&loop, fs, config->file, closed);
}

static void opened(uv_fs_t *fs)
{
	struct config *config = fs->data;
	uv_buf_t buffer = uv_buf_init(config->text, sizeof(config->text) - 1);

	config->file = (uv_file)fs->result;
	uv_fs_req_cleanup(fs);
	if (config->file < 0) {
		config->failure = -config->file;
		end_reading(config);
		return;
	}
	uv_fs_read(&loop, fs, config->file, &buffer, 1, 0, was_read);
}

static int config_new(struct di_call *call)
{
	struct config *config = calloc(1, sizeof(*config));

	if (config == NULL)
		return ENOMEM;
	config->call = call;
	config->fs.data = config;
	if (uv_fs_open(&loop, &config->fs, path, O_RDONLY, 0, opened) == 0)
		return DI_PENDING;
	free(config);
	return EIO;
}

static void config_free(struct config *config)
{
	frees++;
	free(config);
}

static int greeting_init(struct greeting *greeting, const struct config *config)
{
	snprintf(greeting->text, sizeof(greeting->text), "Hello, %s!", config->text);
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

static void write_file(const char *text)
{
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(close(fd), 0);
}

static void setup(void)
{
	strcpy(path, "/tmp/di-uv-XXXXXX");
	frees = 0;
	begin_with(&app);
}

START_TEST(a_file_is_read_once_for_all_who_ask)
{
	struct told config = { 0 }, greeting = { 0 };

	write_file("world");
	di_uv_get(uv, root, &app_greeting, 60000, tell_value, &greeting, &error);
	di_uv_get(uv, root, &app_config, 60000, tell_value, &config, &error);
	run_loop();
	unlink(path);
	expect_told(&greeting, DI_OK);
	expect_told(&config, DI_OK);
	ck_assert_str_eq(((struct greeting *)greeting.value)->text, "Hello, world!");
	ck_assert_str_eq(((struct config *)config.value)->text, "world");
	container_free_expect(DI_OK);
	ck_assert_int_eq(frees, 1);
}
END_TEST

START_TEST(a_file_that_is_missing_is_told_with_its_path)
{
	struct told told = { 0 };

	write_file("");
	unlink(path);
	di_uv_get(uv, root, &app_greeting, 60000, tell_value, &told, &error);
	run_loop();
	expect_told(&told, DI_ECREATE);
	expect_told_text(&told, strerror(ENOENT));
	expect_told_text(&told, "(app_config <- app_greeting)");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/file");
	TCase *tcase = tcase_create("file");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, a_file_is_read_once_for_all_who_ask);
	tcase_add_test(tcase, a_file_that_is_missing_is_told_with_its_path);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
