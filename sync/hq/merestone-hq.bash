# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of merestone-hq for bash: verbs and options as the command itself lists them.

_merestone_hq ()
{
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  local verbs verb='' word i
  local -a words=()

  case $previous in
    --vault|--folder|--csv|--xlsx|--jsonl|--geojson|--odk) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
    --passphrase-file|--root|--root-passphrase-file|--to|-i|--identity-file|--recovery-file|--identity|--key|--crossings|--instrument|--media|--receipt-to)
      mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    --review) mapfile -t COMPREPLY < <(compgen -W 'new accepted returned answered' -- "$current"); return ;;
    --state) mapfile -t COMPREPLY < <(compgen -W 'complete waiting unknown-form conflict' -- "$current"); return ;;
  esac

  # What stands before the cursor, without options and what belongs to them.
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $word in
      --json|--help|--version|--all|--labels|--split|--incremental|--age|--all-versions|--force|--leaked|--new|--new-sign|--new-box|--no-escrow|--remove|--none|--xml|--submission) ;;
      --*=*) ;;
      --*) ((i++)) ;;
      *) words+=("$word") ;;
    esac
  done

  # Indented by two in the help, lower case: "records list".
  verbs=$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  \([a-z]\{1,\}\( [a-z]\{1,\}\)\{0,1\}\) .*/\1/p')
  for ((i = 2; i > 0; i--)); do
    [[ ${#words[@]} -ge i ]] && grep -qxF -- "${words[*]:0:i}" <<<"$verbs" && verb=${words[*]:0:i} && break
  done

  if [[ $current == -* && -n $verb ]]; then
    # shellcheck disable=SC2086
    mapfile -t COMPREPLY < <(compgen -W "$("${COMP_WORDS[0]}" $verb --help 2>/dev/null | grep -o -- '--[a-z-]*')" -- "$current")
  elif [[ $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '--vault --passphrase-file --root --root-passphrase-file --json --help --version' -- "$current")
  elif [[ -n $verb ]]; then
    mapfile -t COMPREPLY < <(compgen -f -- "$current")
  elif [[ ${#words[@]} -eq 1 ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$(sed -n "s/^${words[0]} //p" <<<"$verbs")" -- "$current")
  else
    mapfile -t COMPREPLY < <(compgen -W "$(cut -d ' ' -f 1 <<<"$verbs" | sort -u)" -- "$current")
  fi
}

complete -o filenames -F _merestone_hq merestone-hq
