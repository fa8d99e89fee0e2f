/** What each page has to be, whichever it is: readable by everybody, in both schemes, and on a phone. */
import { expect, test } from 'vitest'
import { consolePaths } from '../../../contract/console.ts'
import { axeFindings } from '../../support/browser.ts'
import type { Stage } from './stage.ts'

const pages = consolePaths.filter((path) => path !== '/' && path !== '/sign-in' && !path.includes(':'))

export function everyPage(stage: () => Stage): void {
  test.each(pages)('%s: axe finds nothing wrong in light and dark, and a phone shows all of it', async (path) => {
    for (const look of [
      { scheme: 'light', width: 1_280 },
      { scheme: 'dark', width: 1_280 },
      { scheme: 'dark', width: 390 },
    ] as const) {
      const page = await stage().open(look)
      await page.goto(path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      expect(await axeFindings(page), `${look.scheme}, ${look.width} wide`).toEqual([])
      // Wider than the window is what a phone would have to push about.
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
      const name = path.slice(1).replaceAll('/', '-')
      await stage().picture(page, look.width < 500 ? `console-${name}-phone` : `console-${name}-${look.scheme}`)
      await page.context().close()
    }
  })

  test('the sign-in page is as readable', async () => {
    const page = await stage().stranger()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })
}
