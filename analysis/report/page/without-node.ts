/** What an escape sequence begins with: ESC, or the one character that stands for `ESC [`. */
const introducer = '[\u001b\u009b]'
const parameters = String.raw`[[\]()#;?]*(?:\d{1,4}(?:[;:]\d{0,4})*)?`
/** The character that ends it. */
const final = String.raw`[\dA-PR-TZcf-nq-uy=><~]`
const escapes = new RegExp(introducer + parameters + final, 'g')

/** What a page has of Node's `util`: drops the escape sequences of terminals. */
export function stripVTControlCharacters(text: string): string {
  return text.replace(escapes, '')
}
