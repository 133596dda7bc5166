import type { CommandShape, Offer } from './shape.js'

/** Writes the completion script for bash. */
export function bashCompletion(commands: readonly CommandShape[]): string {
  const taking = commands.flatMap(({ name, options }) =>
    options.filter(({ value }) => value !== undefined).map(({ long }) => `'${name} ${long}'`),
  )
  const values = commands.flatMap(({ name, options }) =>
    options.flatMap(({ long, value, offer }) =>
      value === undefined || offer === 'files' ? [] : [`    '${name} ${long}') ${reply(offer)}; return ;;`],
    ),
  )
  const options = commands.map(({ name, options: own }) => `      ${name}) ${reply(own.map(({ long }) => long))} ;;`)
  const places = commands.flatMap(({ name, places: own }) => [
    ...own.flatMap(({ offer }, i) => (offer === 'files' ? [] : [`    '${name} ${i}') ${reply(offer)} ;;`])),
    // behind the last place there is nothing, unless it is open
    ...(own.at(-1)?.isVariadic === true || own.length > 1 ? [] : [`    '${name} ${own.length}') ${reply([])} ;;`]),
  ])
  return `# bash completion for tunewright: source <(tunewright completion bash)
_tunewright() {
  local current=\${COMP_WORDS[COMP_CWORD]} command='' option='' place=0 word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      option=''
      continue
    fi
    case "$command $word" in
      ${taking.join('|')}) option=$word ;;
      *' '-*) ;;
      ' '*) command=$word ;;
      *) place=$((place + 1)) ;;
    esac
  done
  if [[ -n $option ]]; then
    case "$command $option" in
${indent(values)}
    esac
    return
  fi
  if [[ -z $command ]]; then
    ${reply([...commands.map(({ name }) => name), '--help', '--version'])}
    return
  fi
  if [[ $current == -* ]]; then
    case $command in
${options.join('\n')}
    esac
    return
  fi
  case "$command $place" in
${places.join('\n')}
  esac
}
# where nothing is offered, files are
complete -o default -F _tunewright tunewright
`
}

/** Words to choose from; for no words, not files either. */
function reply(offer: Offer): string {
  if (offer === 'files') return ':'
  if (offer === undefined || offer.length === 0) return 'compopt +o default 2>/dev/null'
  return `COMPREPLY=($(compgen -W '${offer.join(' ')}' -- "$current"))`
}

function indent(lines: readonly string[]): string {
  return lines.map(line => `  ${line}`).join('\n')
}
