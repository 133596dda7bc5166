import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A fenced block of a page. */
export interface Block {
  /** The first word behind the fence: the language. */
  readonly language: string
  /** The other words behind it. */
  readonly flags: readonly string[]
  /** The line of its first line of text, from 1. */
  readonly line: number
  readonly text: string
}

/** A page in Markdown. */
export interface Page {
  /** Relative to the repository, with `/` between folders. */
  readonly path: string
  readonly markdown: string
  /** The same without its fenced blocks and code spans: what is not code. */
  readonly prose: string
  readonly blocks: readonly Block[]
}

/** Reads the README and everything under `docs/` but what is generated there; in the order of their paths. */
export function readPages(root: string): Page[] {
  const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
  const docs = files
    .map(file => `docs/${file.replaceAll('\\', '/')}`)
    .filter(path => /^docs\/(?!api\/).*\.md$/.test(path))
  return ['README.md', ...docs.sort()].map(path => readPage(path, readFileSync(join(root, path), 'utf8')))
}

/** Takes a page apart. A block in an HTML comment counts like any other: it is run, and readers don't see it. */
export function readPage(path: string, markdown: string): Page {
  const blocks: Block[] = []
  const prose: string[] = []
  let open: { info: string; line: number; lines: string[] } | undefined
  for (const [index, line] of markdown.split('\n').entries()) {
    const isFence = line.startsWith('```')
    prose.push(isFence || open ? '' : line.replaceAll(/`[^`]*`/g, '``'))
    if (!isFence) open?.lines.push(line)
    else if (open === undefined) open = { info: line.slice(3), line: index + 2, lines: [] }
    else {
      const [language = '', ...flags] = open.info.trim().split(/\s+/)
      blocks.push({ language, flags, line: open.line, text: open.lines.join('\n') })
      open = undefined
    }
  }
  return { path, markdown, prose: prose.join('\n'), blocks }
}

/**
 * Lists the anchors of a page's headings, made as GitHub makes them: lower case, without punctuation, a hyphen for each space, and a number
 * behind one that is there already.
 */
export function anchorsOf({ markdown, blocks }: Page): Set<string> {
  const inBlocks = new Set(blocks.flatMap(({ line, text }) => text.split('\n').map((_, index) => line + index)))
  const anchors = new Set<string>()
  for (const [index, line] of markdown.split('\n').entries()) {
    const heading = inBlocks.has(index + 1) ? undefined : /^#{1,6} (.*)$/.exec(line)?.[1]
    if (heading === undefined) continue
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-')
    let anchor = slug
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`
    anchors.add(anchor)
  }
  return anchors
}

/** Lists the pictures that a page shows, as paths relative to it. */
export function picturesOf({ prose }: Page): string[] {
  return [...prose.matchAll(/!\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].flatMap(match => match[1] ?? [])
}

/** Lists where a page's links lead, those to the web left out; a link may have a title. */
export function linksOf({ prose }: Page): string[] {
  return [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)]
    .flatMap(match => match[1] ?? [])
    .filter(link => !/^[a-z]+:/i.test(link))
}
