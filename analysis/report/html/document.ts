import { createHash } from 'node:crypto'
import { encodeJson, type JsonValue } from '../../../src/json.js'
import type { ReportData } from '../data/report-data.js'
import { readChartLibrary, readPageScript } from './scripts.js'
import { style } from './style.js'

/** Writes a report's page: one file that needs no other and asks for none. */
export function writeDocument(data: ReportData): string {
  const scripts = [readChartLibrary(), readPageScript()].map(scriptText)
  const policy = [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${hashOf(style)}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${escapeMarkup(data.title)}</title>
<style>${style}</style>
</head>
<body>
<noscript><p class="noscript">This report draws itself with a script that it contains. Allow scripts to read it.</p></noscript>
<script type="application/json" id="data">${dataText(data)}</script>
${scripts.map(script => `<script>${script}</script>`).join('\n')}
</body>
</html>
`
}

/** Data inside a script element: nothing in it can end the element or begin another. */
export function dataText(data: ReportData): string {
  // plain data by its types, which have no index signatures
  const text = encodeJson(data as unknown as JsonValue)
  return text.replace(/[<>&\u2028\u2029]/g, each => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A script inside a script element; there what is escaped stands in texts and patterns alone, and means the same. */
function scriptText(script: string): string {
  return script.replace(/<(?=\/script|!--|script)/gi, '\\x3C')
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/** Text as it stands in markup, in elements and in attributes. */
export function escapeMarkup(text: string): string {
  const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, each => names[each] ?? each)
}
