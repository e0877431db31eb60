/* SPDX-License-Identifier: MIT */

/* A shared object that is no plug-in. */

int silent_number(void);

int silent_number(void)
{
	return 1;
}
