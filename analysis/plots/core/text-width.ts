import { displayWidth } from '../../../src/results/text.js'

/** How far characters advance in DejaVu Sans, the widest of the fonts that charts name, in hundredths of the font's size. */
const advances: readonly (readonly [number, string])[] = [
  [28, "'ijl"],
  [30, 'IJ'],
  [32, ' ,.'],
  [34, '/:;\\|'],
  [37, 'f-'],
  [40, '()[]t'],
  [42, 'r!'],
  [53, 'sz"*_`'],
  [55, 'c?'],
  [58, 'kFL'],
  [60, 'vxy'],
  [62, 'aeoPTY'],
  [64, 'bdghnpqu0123456789{}$ES'],
  [69, 'ABKVXZ'],
  [70, 'CR'],
  [75, 'NU'],
  [79, 'DGHOQ&'],
  [82, 'w'],
  [84, '#+<=>^~'],
  [87, 'M'],
  [96, '%'],
  [100, 'mW@'],
]

const advanceOf = new Map(advances.flatMap(([advance, characters]) => Array.from(characters, each => [each, advance])))

/** How many pixels a sanitized text is wide, in a font of so many pixels: little more than it takes, and in the fonts that may be there no less. */
export function measureText(text: string, fontSize = 12): number {
  let hundredths = 0
  for (const character of text) hundredths += advanceOf.get(character) ?? 70 * displayWidth(character)
  return (hundredths * fontSize) / 100
}
