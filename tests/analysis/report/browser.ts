import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'

const usualPlaces = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const switches = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Where a browser is: the one that the environment names, or one in the usual places. */
export const browserPath = [process.env.TUNEWRIGHT_BROWSER, ...usualPlaces].find(
  path => path !== undefined && existsSync(path),
)

/** Why tests in a browser are passed over. */
export const noBrowser = 'there is no Chromium here: set TUNEWRIGHT_BROWSER to the path of one'

export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: browserPath ?? '', args: switches })
}

/** A page and all that went wrong on it. */
export interface WatchedPage {
  readonly page: Page
  /** Errors, dialogs, and what was asked for beside the file itself. */
  readonly faults: readonly string[]
}

/** Opens a file; all that it says, asks for or opens is noted. */
export async function openFile(
  browser: Browser,
  path: string,
  { hash = '', width = 1200, colors = 'light' as 'light' | 'dark' } = {},
): Promise<WatchedPage> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: colors })
  const faults: string[] = []
  page.on('console', message => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => faults.push(`error: ${error.message}`))
  page.on('dialog', dialog => {
    faults.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  const file = `file://${encodeURI(path)}`
  page.on('request', request => {
    if (!request.url().startsWith(file) && !request.url().startsWith('data:')) faults.push(`request: ${request.url()}`)
  })
  await page.goto(file + hash)
  return { page, faults }
}
