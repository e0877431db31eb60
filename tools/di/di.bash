# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Completion of the di command for bash.

# The options of a command are what its help lists.
_di_options()
{
	di "$1" --help 2>/dev/null | sed -nE 's/^  (-.), (--[a-z-]+).*/\1 \2/p'
}

_di_providers()
{
	di graph --format json "$1" 2>/dev/null | grep -oE '"name": ?"[^"]*", ?"kind"' |
		sed -E 's/"name": ?"([^"]*)".*/\1/'
}

_di()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} file
	COMPREPLY=()
	if [ "$COMP_CWORD" -eq 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W \
			'check graph explain generate schema --help --version' -- "$word")
		return
	fi
	case $before in
	-f | --format)
		mapfile -t COMPREPLY < <(compgen -W 'dot mermaid json svg' -- "$word")
		return
		;;
	-r | --root | -R | --returns | -N | --init)
		return
		;;
	-[ecuIo] | --exports | --connect | --used-in | --include | --output)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	esac
	case $word in
	-*)
		mapfile -t COMPREPLY < <(compgen -W "$(_di_options "${COMP_WORDS[1]}")" -- "$word")
		return
		;;
	esac
	if [ "${COMP_WORDS[1]}" = explain ] && [ "$COMP_CWORD" -gt 2 ] && [ -f "$before" ]; then
		file=$before
		mapfile -t COMPREPLY < <(compgen -W "$(_di_providers "$file")" -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "$word")
}

complete -o filenames -F _di di
