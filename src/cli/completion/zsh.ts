import type { CommandShape, Offer, OptionShape } from './shape.js'

/** Writes the completion script for zsh. */
export function zshCompletion(commands: readonly CommandShape[]): string {
  const list = commands.map(({ name, description }) => `      ${quote(`${name}:${escapeColons(description)}`)}`)
  const cases = commands.map(({ name, options, places }) => {
    const specs = [
      ...options.map(describe),
      ...places.map(
        (place, i) => `${place.isVariadic ? '*' : `${i + 1}:`}:${escapeColons(place.name)}:${actionOf(place.offer)}`,
      ),
    ]
    return `    ${name})\n      _arguments -s \\\n${specs.map(spec => `        ${quote(spec)}`).join(' \\\n')}\n      ;;`
  })
  return `#compdef tunewright
# zsh completion for tunewright: source <(tunewright completion zsh), or a file _tunewright in a folder of $fpath
_tunewright() {
  if ((CURRENT == 2)); then
    local -a commands=(
${list.join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
  esac
}
if [[ $funcstack[1] == _tunewright ]]; then
  _tunewright "$@"
else
  compdef _tunewright tunewright
fi
`
}

function describe({ long, description, value, offer, isRepeated }: OptionShape): string {
  const text = `[${escapeColons(description).replace(/[[\]]/g, mark => `\\${mark}`)}]`
  const action = value === undefined ? '' : `:${escapeColons(value)}:${actionOf(offer)}`
  return `${isRepeated ? '*' : ''}${long}${text}${action}`
}

function actionOf(offer: Offer): string {
  return offer === 'files' ? '_files' : offer === undefined ? '' : `(${offer.join(' ')})`
}

function escapeColons(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(':', '\\:')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
