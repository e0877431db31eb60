/* expect-gcc: error: passing argument 3 of .link_new_complete. from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct session \*' to parameter of type 'struct query \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call);
DI_COMPLETE_DECLARE(link_new, struct query);

enum di_status complete(struct di_call *call, struct session *session);
enum di_status complete(struct di_call *call, struct session *session)
{
	return link_new_complete(call, 0, session);
}
