/* SPDX-License-Identifier: MIT */
#include "tools/di/command.h"

int main(int count, char **words)
{
	return di_command(count, words);
}
