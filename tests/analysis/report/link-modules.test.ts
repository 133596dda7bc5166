import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, it } from 'vitest'
import { linkModules } from '../../../analysis/report/html/link-modules.js'

const folder = mkdtempSync(join(tmpdir(), 'tunewright-link-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Writes modules and runs what they are joined to; `tell` gathers what they say. */
function run(modules: Readonly<Record<string, string>>, substitutes: Readonly<Record<string, string>> = {}): unknown[] {
  for (const [name, text] of Object.entries(modules)) writeFileSync(join(folder, name), text)
  const told: unknown[] = []
  runInNewContext(linkModules(join(folder, 'main.js'), substitutes), { tell: (value: unknown) => told.push(value) })
  return told
}

describe('joining modules to a script', () => {
  it('keeps names of different modules apart, and runs each once', () => {
    const told = run({
      'main.js': `import { one } from './one.js';
import { one as first, two } from './two.js';
import {} from './one.js';
function helper() { return 'main'; }
export function main() { tell([helper(), one(), first, two()].join(' ')); }
//# sourceMappingURL=main.js.map`,
      'one.js': `import { count } from './count.js';
function helper() { return count(); }
export function one() { return 'one' + helper(); }`,
      'two.js': `import { count, } from './count.js';
const helper = 'two';
export const one = 1;
export async function* later() {}
export class Thing {}
export const two = () => helper + count();
export {};`,
      'count.js': `tell('count is loaded');
let n = 0;
export function count() { return ++n; }`,
    })
    expect(told).toEqual(['count is loaded', 'main one1 1 two2'])
  })

  it('puts other modules in the place of what a page lacks', () => {
    writeFileSync(join(folder, 'stand-in.js'), `export const util = 'page';`)
    const main = `import { util } from 'node:util';\nexport function main() { tell(util); }`
    expect(run({ 'main.js': main }, { 'node:util': join(folder, 'stand-in.js') })).toEqual(['page'])
  })

  it.each([
    [`import { x } from 'node:fs';\nexport function main() {}`, 'because it imports "node:fs"'],
    [`import fs from './one.js';\nexport function main() {}`, 'because of "import fs from'],
    [`export * from './one.js';\nexport function main() {}`, 'because of "export * from'],
    [`export default 1;`, 'because of "export default 1'],
    [`import { x } from './gone.js';\nexport function main() {}`, 'is missing: run `npm run build`'],
  ])('refuses what it does not know: %s', (main, message) => {
    writeFileSync(join(folder, 'main.js'), main)
    expect(() => linkModules(join(folder, 'main.js'), {})).toThrow(
      expect.objectContaining({ code: 'DEPENDENCY_MISSING', message: expect.stringContaining(message) }),
    )
  })
})
