/** What each page has to be, whichever it is: readable by everybody, in both schemes, and on a phone. */
import { expect, test } from 'vitest'
import { consolePaths } from '../../../contract/console.ts'
import { axeFindings } from '../../support/browser.ts'
import { desk, type Stage } from './stage.ts'

const pages = consolePaths.filter((path) => path !== '/' && path !== '/sign-in' && !path.includes(':'))

const phone = { width: 390, height: 844 }

export function everyPage(stage: () => Stage): void {
  test.each(pages)('%s: axe finds nothing wrong in light and dark, and a phone shows all of it', async (path) => {
    const page = await stage().open(desk)
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    const name = path.slice(1).replaceAll('/', '-')
    expect(await axeFindings(page), 'light').toEqual([])
    await stage().picture(page, `console-${name}-light`)
    await page.emulateMedia({ colorScheme: 'dark' })
    // Colours are all that differ.
    expect(await axeFindings(page, ['color-contrast']), 'dark').toEqual([])
    await stage().picture(page, `console-${name}-dark`)
    await page.setViewportSize(phone)
    // Wider than the window is what a phone would have to push about.
    await expect.poll(() => page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
    expect(await axeFindings(page, ['target-size', 'scrollable-region-focusable', 'color-contrast']), 'on a phone').toEqual([])
    await stage().picture(page, `console-${name}-phone`)
    await page.context().close()
  })

  test('the sign-in page is as readable', async () => {
    const page = await stage().stranger()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    expect(await axeFindings(page)).toEqual([])
    await page.context().close()
  })
}
