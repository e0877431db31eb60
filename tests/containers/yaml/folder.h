/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_YAML_FOLDER_H
#define DI_TESTS_YAML_FOLDER_H

/**
 * A temporary folder with files of one's own; the test works in it.
 */

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder_path[4096], folder_before[4096];

static inline void folder_begin(void)
{
	const char *temporary = getenv("TMPDIR");

	ck_assert_ptr_nonnull(getcwd(folder_before, sizeof(folder_before)));
	snprintf(folder_path, sizeof(folder_path), "%s/di-yaml-XXXXXX",
		 temporary != NULL ? temporary : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder_path));
	ck_assert_int_eq(chdir(folder_path), 0);
}

static inline int folder_remove(const char *path, const struct stat *about, int kind,
				struct FTW *walk)
{
	(void)about;
	(void)kind;
	(void)walk;
	return remove(path);
}

static inline void folder_end(void)
{
	ck_assert_int_eq(chdir(folder_before), 0);
	ck_assert_int_eq(nftw(folder_path, folder_remove, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static inline void folder_write(const char *name, const char *text)
{
	FILE *file = fopen(name, "w");

	ck_assert_msg(file != NULL, "%s", name);
	ck_assert_int_ge(fputs(text, file), 0);
	ck_assert_int_eq(fclose(file), 0);
}

#endif
