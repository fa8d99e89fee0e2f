/** A real Chromium for tests of the console: the system's own, by CHROMIUM_PATH or where systems keep it. */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, chromium, type Page } from 'playwright-core'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** null = there is none. */
export function findChromium(): string | null {
  const given = process.env.CHROMIUM_PATH
  return given === undefined || given === '' ? (places.find((path) => existsSync(path)) ?? null) : given
}

export function launchChromium(executablePath: string): Promise<Browser> {
  // Containers and root have no sandbox; nothing here is loaded from anywhere but our own server.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** WCAG 2.2, levels A and AA, and what axe holds for good practice. */
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds wrong, as sentences; by these of its rules, or by all. */
export async function axeFindings(page: Page, rules: readonly string[] = axeTags): Promise<string[]> {
  // The page's own policy forbids to add a script; the debugger's way doesn't ask it.
  await page.evaluate(axe)
  return page.evaluate<
    string[]
  >(`axe.run(document, { runOnly: ${JSON.stringify(rules)} }).then(({ violations }) => violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => id + ': ' + help + ' at ' + target.join(' ') + '; ' + failureSummary)))`)
}
