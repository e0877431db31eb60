-- SPDX-License-Identifier: MIT
-- Has wrk add notes to be read.

wrk.method = "POST"
wrk.path = "/notes"
wrk.headers["X-User"] = "ada"
wrk.body = '{"title": "milk", "text": "two bottles"}'
