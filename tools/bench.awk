# SPDX-License-Identifier: MIT
# What reads build/bench.json: one object a line, as tools/run-bench.sh writes them.

# The text or number of a field; "" where it is null or not there.
function field(object, name, at)
{
	at = index(object, "\"" name "\": ")
	if (!at)
		return ""
	object = substr(object, at + length(name) + 4)
	if (object ~ /^"/) {
		object = substr(object, 2)
		return substr(object, 1, index(object, "\"") - 1)
	}
	sub(/[,}].*/, "", object)
	return object == "null" ? "" : object
}

# What is wanted of it: another object.
function goal_of(object)
{
	return substr(object, index(object, "\"goal\": {"))
}

# Whether more is better.
function is_speed(unit)
{
	return unit == "1/s" || unit == "times"
}
