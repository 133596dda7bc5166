import type { CommandShape, Offer } from './shape.js'

/** Writes the completion script for fish. */
export function fishCompletion(commands: readonly CommandShape[]): string {
  const lines = commands.flatMap(({ name, description, options, places }) => {
    const seen = `-n ${quote(`__fish_seen_subcommand_from ${name}`)}`
    const words = places.flatMap(({ offer }) => (offer === undefined || offer === 'files' ? [] : offer))
    return [
      `complete -c tunewright -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
      ...options.map(option => {
        const value = option.value === undefined ? '' : ` ${valueFlags(option.offer)}`
        return `complete -c tunewright ${seen} -l ${option.long.slice(2)}${value} -d ${quote(option.description)}`
      }),
      ...(words.length > 0 ? [`complete -c tunewright ${seen} -a ${quote(words.join(' '))}`] : []),
      ...(places.some(({ offer }) => offer === 'files') ? [] : [`complete -c tunewright ${seen} -f`]),
    ]
  })
  return `# fish completion for tunewright: tunewright completion fish | source\n${lines.join('\n')}\n`
}

function valueFlags(offer: Offer): string {
  return offer === 'files' ? '-r' : offer === undefined ? '-x' : `-x -a ${quote(offer.join(' '))}`
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
