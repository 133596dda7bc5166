// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const escapes = /[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:[;:]\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]/g

/** What a page has of Node's `util`: drops the escape sequences of terminals. */
export function stripVTControlCharacters(text: string): string {
  return text.replace(escapes, '')
}
