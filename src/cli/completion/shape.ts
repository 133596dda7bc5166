import type { Command } from 'commander'

/** What a shell may offer for a value: words, files, or nothing. */
export type Offer = readonly string[] | 'files' | undefined

/** An option as a shell sees it. */
export interface OptionShape {
  readonly long: string
  readonly description: string
  /** What its value is called; undefined for one without. */
  readonly value: string | undefined
  readonly offer: Offer
  readonly isRepeated: boolean
}

/** A command as a shell sees it. */
export interface CommandShape {
  readonly name: string
  readonly description: string
  readonly options: readonly OptionShape[]
  readonly places: readonly { readonly name: string; readonly offer: Offer; readonly isVariadic: boolean }[]
}

/** Names of values that are files. */
const fileNames = /^(file|folder|path|paths|script)$/

/** Reads what the parser knows of its commands, so that completion never differs from it. */
export function shapeOf(program: Command): CommandShape[] {
  const commands = program.commands.map((command): CommandShape => {
    const options = command.options.filter(option => !option.hidden)
    return {
      name: command.name(),
      description: command.description(),
      options: [
        ...options.map(({ long, flags, description, argChoices, required, optional, parseArg }): OptionShape => {
          const value = required || optional ? (/[<[]([\w-]+)/.exec(flags)?.[1] ?? 'value') : undefined
          return {
            long: long ?? flags,
            description,
            value,
            offer: argChoices ?? (value !== undefined && fileNames.test(value) ? 'files' : undefined),
            isRepeated: parseArg !== undefined && description.includes('may be repeated'),
          }
        }),
        { long: '--help', description: 'say what there is', value: undefined, offer: undefined, isRepeated: false },
      ],
      places: command.registeredArguments.map(argument => ({
        name: argument.name(),
        offer: argument.argChoices ?? (fileNames.test(argument.name()) ? 'files' : undefined),
        isVariadic: argument.variadic,
      })),
    }
  })
  const names = commands.map(({ name }) => name)
  const help = { name: 'command', offer: names, isVariadic: false }
  return [...commands, { name: 'help', description: 'say what a command does', options: [], places: [help] }]
}
