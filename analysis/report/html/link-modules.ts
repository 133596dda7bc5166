import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { show, TuneError } from '../../../src/errors.js'

/** What a compiled module imports, as the compiler writes it: names in braces from one path. */
const importPattern = /^import\s+\{([^}]*)\}\s+from\s+'([^']+)';?[ \t]*$/gm
const exportPattern = /^export\s+((?:async\s+)?function\*?|class|const)\s+([A-Za-z_$][\w$]*)/gm

/**
 * Joins compiled modules to one plain script, since a page from a file can't load modules: each in a function of its own, after those that it imports.
 * It knows named imports and exported declarations, which is what the modules of the page keep to; anything else is an error.
 *
 * @param entry - the path of the module to begin with, which exports `main`; it is called last
 * @param substitutes - modules that stand for what a page does not have, by specifier
 * @throws `TuneError` `DEPENDENCY_MISSING` if a module is not there or can't be joined
 */
export function linkModules(entry: string, substitutes: Readonly<Record<string, string>>): string {
  const names = new Map<string, string>()
  const parts: string[] = []

  function link(file: string): string {
    const known = names.get(file)
    if (known !== undefined) return known
    const imports: string[] = []
    const text = read(file)
      .replace(importPattern, (_, list: string, specifier: string) => {
        const target = specifier.startsWith('.') ? resolve(dirname(file), specifier) : substitutes[specifier]
        if (target === undefined) throw unusable(file, `it imports ${show(specifier)}`)
        const bindings = list.replace(/\bas\b/g, ':').trim()
        if (bindings !== '') imports.push(`const { ${bindings.replace(/\s+:\s+/g, ': ')} } = ${link(target)};`)
        return ''
      })
      .replace(/^\/\/# sourceMappingURL=.*$/gm, '')
      .replace(/^export \{\s*\};?$/gm, '')
    const exported = [...text.matchAll(exportPattern)].map(match => match[2])
    const body = text.replace(exportPattern, '$1 $2')
    const rest = /^(?:import|export)\b(?!\().*$/m.exec(body)
    if (rest) throw unusable(file, `of ${show(rest[0])}`)
    const name = `module${names.size}`
    names.set(file, name)
    parts.push(
      `const ${name} = (() => {\n${[...imports, body.trim()].join('\n')}\nreturn { ${exported.join(', ')} };\n})();`,
    )
    return name
  }

  const main = link(entry)
  return `(() => {\n'use strict';\n${parts.join('\n')}\n${main}.main();\n})();\n`
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new TuneError('DEPENDENCY_MISSING', `the compiled module ${file} is missing: run \`npm run build\``, {
      cause,
    })
  }
}

function unusable(file: string, why: string): TuneError {
  return new TuneError('DEPENDENCY_MISSING', `the compiled module ${file} can't be part of a page, because ${why}`)
}
