-- SPDX-License-Identifier: MIT
-- What wrk asks of the notes service: mostly reading, and as many notes removed as added.
-- At the end it prints a line "name number" for each figure.

local threads = 0

function setup(thread)
	threads = threads + 1
	thread:set("user", "load" .. threads)
end

local headers
local turn = 0
local kept       -- the path of a note that stays
local spare = {} -- paths of notes that are to be removed

function init()
	headers = { ["X-User"] = user }
end

local function draft(number)
	return string.format('{"title":"%d","text":"about %d"}', number, number)
end

local function ask(method, path, body)
	return wrk.format(method, path, headers, body)
end

function request()
	turn = turn + 1
	if turn % 20 == 1 then
		return ask("POST", "/notes", draft(turn))
	elseif turn % 20 == 11 and #spare > 0 then
		return ask("DELETE", table.remove(spare))
	elseif turn % 20 == 6 and kept then
		return ask("PUT", kept, draft(turn))
	elseif turn % 4 == 0 and kept then
		return ask("GET", kept)
	elseif turn % 4 == 2 then
		return ask("GET", "/notes?limit=10")
	end
	return ask("GET", "/health")
end

function response(status, header)
	local path = header["Location"]

	if path and not kept then
		kept = path
	elseif path then
		spare[#spare + 1] = path
	end
end

function done(summary)
	local errors = summary.errors

	print("requests " .. summary.requests)
	print("refused " .. errors.status)
	print("lost " .. errors.connect + errors.read + errors.write + errors.timeout)
end
