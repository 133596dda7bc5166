import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '../../../analysis/index.js'
import type { StudyEvent } from '../../../src/study/events.js'
import { racedStudy } from '../plots/studies.js'
import { browserPath, noBrowser, openFile, startBrowser } from './browser.js'
import { header, hostile, hostileLessons, hostileStudy, openStudy, report, trial } from './studies.js'

const storage = mkdtempSync(join(tmpdir(), 'tunewright-report-browser-'))
let browser: Browser
afterAll(() => rmSync(storage, { recursive: true, force: true }))

/** The texts of a column of the table of trials, those that are shown. */
async function column(page: Page, name: string): Promise<string[]> {
  const heads = await page.locator('table.trials thead th button').allTextContents()
  const cells = page.locator(`table.trials tbody tr > :nth-child(${heads.indexOf(name) + 1})`)
  return (await cells.allTextContents()).map(text => text.replace(/^[★●▼✕]+/, ''))
}

/** Scrolls through the page, so that all charts are drawn. */
async function seeAll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
      scrollTo({ top: y, behavior: 'instant' })
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    }
    scrollTo({ top: 0, behavior: 'instant' })
  })
  await page.waitForFunction(() => {
    const places = [...document.querySelectorAll('figure.chart .canvas')].filter(place => place.checkVisibility())
    return places.every(place => place.querySelector('canvas, .missing') !== null)
  })
}

describe.skipIf(browserPath === undefined)(
  `a report in a browser${browserPath === undefined ? ` (${noBrowser})` : ''}`,
  () => {
    let raced = ''
    beforeAll(async () => {
      browser = await startBrowser()
      raced = await (await racedStudy()).report({ path: join(storage, 'raced study.html') })
    })
    afterAll(async () => await browser?.close())

    it('opens from a file, draws its charts, and asks for nothing else', async () => {
      const { page, faults } = await openFile(browser, raced)
      await seeAll(page)
      expect(await page.locator('h1').first().textContent()).toMatch(/^train_/)
      const titles = await page.locator('figure.chart:not(.panel) h3').allTextContents()
      expect(titles).toEqual([
        'Optimization history',
        'Learning curves',
        'Importance of hyperparameters',
        'Distribution',
        'Parallel coordinates',
        'Contour',
        'Rungs',
        'Timeline',
      ])
      expect(await page.locator('figure.chart .missing').count()).toBe(0)
      expect(await page.locator('#best-title ~ .code code').first().textContent()).toMatch(
        /^const config = \{\n {2}lr: 0\./,
      )
      expect(faults).toEqual([])
      await page.close()
    })

    it('sorts and filters its table, and keeps the keyboard in mind', async () => {
      const { page, faults } = await openFile(browser, raced)
      const first = await column(page, 'best')
      expect(first.map(Number).filter(value => value > 0)).toEqual(
        first
          .filter(Boolean)
          .map(Number)
          .toSorted((a, b) => a - b),
      )
      await page.locator('table.trials thead').getByRole('button', { name: 'lr' }).focus()
      await page.keyboard.press('Enter')
      await page.keyboard.press('Enter')
      const rates = (await column(page, 'lr')).map(Number)
      expect(rates).toEqual(rates.toSorted((a, b) => b - a))
      expect(await page.locator('th[aria-sort]').allTextContents()).toEqual(['lr'])
      await page.getByLabel('Filter').fill('optimizer=adam lr<0.01 state!=failed')
      expect(new Set(await column(page, 'optimizer'))).toEqual(new Set(['adam']))
      expect(Math.max(...(await column(page, 'lr')).map(Number))).toBeLessThan(0.01)
      await page.getByLabel('Filter').fill('diverged')
      expect(new Set(await column(page, 'state'))).toEqual(new Set(['failed']))
      await page.getByLabel('Filter').fill('lernrate<1')
      expect(await page.locator('#trials [role=status]').textContent()).toContain('No column is called lernrate')
      expect(faults).toEqual([])
      await page.close()
    })

    it('shows a trial with its curves, and comes back', async () => {
      const { page, faults } = await openFile(browser, raced)
      await page.locator('table.trials tbody a').first().click()
      await page.waitForSelector('article.trial canvas')
      const [, index] = /#\/trial\/(\d+)$/.exec(page.url()) ?? []
      expect(await page.locator('article.trial h1').textContent()).toContain(`Trial ${index}`)
      expect(await page.locator('#study').isVisible()).toBe(false)
      expect(await page.locator('article.trial h3').allTextContents()).toEqual(['loss', 'seconds'])
      await page.getByRole('link', { name: '← All trials' }).click()
      expect(await page.locator('#study').isVisible()).toBe(true)
      await page.goto(`file://${encodeURI(raced)}#/trial/999999`)
      expect(await page.locator('article.trial h1').textContent()).toBe('There is no trial 999999')
      expect(faults).toEqual([])
      await page.close()
    })

    it('opens the trial whose point is clicked, tells of it where the pointer is, and zooms', async () => {
      const { page, faults } = await openFile(browser, raced)
      const chart = page.locator('#history .canvas')
      await chart.scrollIntoViewIfNeeded()
      await chart.locator('canvas').waitFor()
      const box = await chart.boundingBox()
      if (box === null) throw new Error('the chart has no place')
      await page.mouse.move(box.x + 200, box.y + 60)
      await page.mouse.down()
      await page.mouse.move(box.x + 500, box.y + 200, { steps: 4 })
      await page.mouse.up()
      const reset = page.locator('#history').getByRole('button', { name: 'Reset zoom' })
      await reset.click()
      expect(await reset.isVisible()).toBe(false)
      const at = await page.evaluate(() => {
        type Located = {
          convertToPixel(finder: object, value: unknown): number[]
          getOption(): { series: { name: string; data: number[][] }[] }
        }
        const library = globalThis.echarts as unknown as { getInstanceByDom(element: Element | null): Located }
        const found = library.getInstanceByDom(document.querySelector('#history .canvas'))
        const point = found.getOption().series.find(({ name }) => name === 'trial')?.data[0] ?? []
        return { trial: point[0], pixel: found.convertToPixel({ xAxisIndex: 0, yAxisIndex: 0 }, point) }
      })
      await page.mouse.move(box.x + (at.pixel[0] ?? 0), box.y + (at.pixel[1] ?? 0), { steps: 3 })
      await page.locator('.chart-tip strong').first().waitFor()
      expect(await page.locator('#history .chart-tip strong').textContent()).toBe(`Trial ${at.trial}`)
      await page.mouse.click(box.x + (at.pixel[0] ?? 0), box.y + (at.pixel[1] ?? 0))
      await page.waitForURL(`**#/trial/${at.trial}`)
      expect(faults).toEqual([])
      await page.close()
    })

    it('draws the learning curve that the pointer is near, and opens its trial', async () => {
      const { page, faults } = await openFile(browser, raced)
      const chart = page.locator('#curves .canvas')
      await chart.scrollIntoViewIfNeeded()
      await chart.locator('canvas').waitFor()
      const at = await page.evaluate(() => {
        type Located = {
          convertToPixel(finder: object, value: unknown): number[]
          getOption(): { series: { name: string; data: number[][] }[] }
        }
        const library = globalThis.echarts as unknown as { getInstanceByDom(element: Element | null): Located }
        const found = library.getInstanceByDom(document.querySelector('#curves .canvas'))
        const line = found.getOption().series[0]
        return { name: line?.name, pixel: found.convertToPixel({ gridIndex: 0 }, line?.data[20]) }
      })
      const box = await chart.boundingBox()
      await page.mouse.click((box?.x ?? 0) + (at.pixel[0] ?? 0), (box?.y ?? 0) + (at.pixel[1] ?? 0))
      await page.waitForURL(/#\/trial\/\d+$/)
      expect(`trial ${page.url().split('/').at(-1)}`).toBe(at.name)
      expect(faults).toEqual([])
      await page.close()
    })

    it('shows in the table the trials that are brushed in the parallel coordinates, until told otherwise', async () => {
      const { page, faults } = await openFile(browser, raced)
      const chart = page.locator('#parallel .canvas')
      await chart.scrollIntoViewIfNeeded()
      await chart.locator('canvas').waitFor()
      const box = await chart.boundingBox()
      const [x, y] = await page.evaluate(() => {
        type Located = {
          getModel(): {
            getComponent(name: string): {
              coordinateSystem: { dataToPoint(value: number, dimension: string): number[] }
            }
          }
        }
        const library = globalThis.echarts as unknown as { getInstanceByDom(element: Element | null): Located }
        const found = library.getInstanceByDom(document.querySelector('#parallel .canvas'))
        return found.getModel().getComponent('parallel').coordinateSystem.dataToPoint(0.01, 'dim0')
      })
      await page.mouse.move((box?.x ?? 0) + (x ?? 0), (box?.y ?? 0) + (y ?? 0) - 30)
      await page.mouse.down()
      await page.mouse.move((box?.x ?? 0) + (x ?? 0), (box?.y ?? 0) + (y ?? 0) + 30, { steps: 5 })
      await page.mouse.up()
      const show = page.locator('#parallel').getByRole('button', { name: /^Show \d+ in the table$/ })
      const count = Number(/\d+/.exec((await show.textContent()) ?? '')?.[0])
      expect(count).toBeGreaterThan(0)
      await show.click()
      expect(await column(page, 'trial')).toHaveLength(count)
      await page.getByRole('button', { name: 'Show all trials again' }).click()
      expect(await column(page, 'trial')).toHaveLength(40)
      expect(faults).toEqual([])
      await page.close()
    })

    it('has dark and light colours, of which the reader chooses, and contrast in both', async () => {
      for (const colors of ['light', 'dark'] as const) {
        const { page, faults } = await openFile(browser, raced, { colors })
        const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
        const before = await ground()
        expect(await lowestContrast(page)).toBeGreaterThanOrEqual(4.5)
        await page.getByRole('button', { name: /^Change to / }).click()
        expect(await ground()).not.toBe(before)
        await page.reload()
        expect(await ground()).not.toBe(before)
        expect(faults).toEqual([])
        await page.evaluate(() => localStorage.clear())
        await page.close()
      }
    })

    it('fits narrow screens and paper', async () => {
      const { page, faults } = await openFile(browser, raced, { width: 360, colors: 'dark' })
      await seeAll(page)
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
      const ground = () =>
        page.evaluate(() => {
          type Library = { getInstanceByDom(element: Element | null): { getOption(): { backgroundColor: string } } }
          const library = globalThis.echarts as unknown as Library
          return library.getInstanceByDom(document.querySelector('#history .canvas')).getOption().backgroundColor
        })
      const onScreen = await ground()
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
      expect([onScreen, await ground()]).toEqual(['#17181c', '#ffffff'])
      await page.evaluate(() => dispatchEvent(new Event('afterprint')))
      expect(await ground()).toBe(onScreen)
      const paper = await page.pdf({ format: 'A4' })
      expect(paper.subarray(0, 5).toString()).toBe('%PDF-')
      expect(faults).toEqual([])
      await page.close()
    })

    it('says what to try next, and copies it', async () => {
      const { page, faults } = await openFile(browser, raced)
      await page.locator('nav.parts').getByRole('link', { name: 'What next' }).click()
      const next = page.locator('#next')
      expect(await next.locator('ol.advice > li').count()).toBeGreaterThan(0)
      expect(await next.locator('table.suggestions tbody tr').count()).toBe(3)
      await next.getByRole('button', { name: 'Copy config 2' }).press('Enter')
      expect(await next.locator('table.suggestions [role=status]').allTextContents()).toEqual(['', 'Copied', ''])
      await next.locator('summary').press('Enter')
      expect(await next.locator('pre').first().textContent()).toMatch(
        /^\/\/ .*\nconst pointsToEvaluate = \[\n {2}\{\n {4}dropout: /,
      )
      expect(faults).toEqual([])
      await page.close()
    })

    it('takes no name or value of what it advises for markup', async () => {
      const path = await writeReport(openStudy(join(storage, 'lessons'), hostileLessons()))
      const { page, faults } = await openFile(browser, path)
      expect(await page.locator('#next table').count()).toBe(3)
      expect(await page.locator('#next .regions tbody th').textContent()).toBe('<svg onload=alert(1)> = <b>bold</b>')
      await page.locator('#next summary').click()
      expect(await page.locator('#next code').first().textContent()).toContain("'<img src=x onerror=alert(1)>': 0")
      expect(await page.locator('img, svg, b, iframe, object, embed').count()).toBe(0)
      expect(faults).toEqual([])
      await page.close()
    })

    it('takes no name or value for markup', async () => {
      const folder = join(storage, 'hostile')
      const path = await writeReport(openStudy(folder, hostileStudy()), { title: hostile })
      const { page, faults } = await openFile(browser, path)
      await seeAll(page)
      for (const hash of ['#/trial/0', '#/trial/1', '#/trial/2', '#/']) {
        await page.evaluate(to => {
          location.hash = to
        }, hash)
        await page.waitForTimeout(50)
        await page.locator('details').evaluateAll(all => {
          for (const each of all) each.setAttribute('open', '')
        })
        expect(await page.locator('img, svg, b, iframe, object, embed').count()).toBe(0)
        const addresses = await page.locator('a').evaluateAll(all => all.map(each => each.getAttribute('href') ?? ''))
        expect(addresses.filter(address => !/^(?:#|\.\/)/.test(address))).toEqual([])
      }
      expect(await page.locator('h1').first().textContent()).toBe(hostile)
      expect(faults).toEqual([])
      await page.close()
    })

    it('stays quick with 10,000 trials', async () => {
      const folder = join(storage, 'large')
      const path = await writeReport(openStudy(folder, largeStudy(10_000)))
      expect(readdirSync(folder)).toContain('report.html')
      const { page, faults } = await openFile(browser, path)
      const took = await page.evaluate(() => {
        const times: number[] = []
        for (const button of document.querySelectorAll<HTMLButtonElement>('table.trials thead button')) {
          const started = performance.now()
          button.click()
          times.push(performance.now() - started)
        }
        const filter = document.querySelector<HTMLInputElement>('#filter')
        const started = performance.now()
        if (filter) filter.value = 'optimizer=adam loss<0.5 adam'
        filter?.dispatchEvent(new Event('input'))
        times.push(performance.now() - started)
        return Math.max(...times)
      })
      expect(took).toBeLessThan(1000)
      expect(await page.locator('table.trials tbody tr').count()).toBe(50)
      expect(new Set(await column(page, 'optimizer'))).toEqual(new Set(['adam']))
      expect(faults).toEqual([])
      await page.close()
    })
  },
)

function largeStudy(trials: number): StudyEvent[] {
  return [
    header(),
    ...Array.from({ length: trials }, (_, i): StudyEvent[] => [
      trial(i, { lr: ((i * 7919) % trials) / trials, optimizer: i % 3 === 0 ? 'sgd' : 'adam', name: `config ${i}` }),
      report(i, 1, { loss: ((i * 104_729) % trials) / trials, accuracy: i / trials }),
      { event: 'end', trial: i },
    ]).flat(),
    { event: 'finish' },
  ]
}

/** The least contrast of a text with what it stands on (WCAG 2.2), of all that can be seen. */
async function lowestContrast(page: Page): Promise<number> {
  return await page.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map(value => {
        const share = value / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const groundOf = (element: Element | null): string => {
      if (element === null) return 'rgb(255, 255, 255)'
      const color = getComputedStyle(element).backgroundColor
      return (channels(color)[3] ?? 1) === 0 ? groundOf(element.parentElement) : color
    }
    let least = 21
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent?.trim())
      const isSign = element.matches('.sign, :disabled, script, option, .key span')
      if (!hasText || isSign || !element.checkVisibility()) continue
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))]
      least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05))
    }
    return least
  })
}
