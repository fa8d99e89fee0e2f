/**
 * The stage on which the console is tested: the whole engine of `npm start`, a browser, and somebody who is signed in. One for all scenes,
 * since it takes a while to set up. Read next: ../console.test.ts.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { readKeys } from '../../../cli/up/keys.ts'
import { freePort } from '../../../cli/up/port.ts'
import { launchChromium } from '../../support/browser.ts'
import { temporaryFolder } from '../../support/folder.ts'
import { type Running, startTocsin } from '../../support/tocsin.ts'

export type Stage = Readonly<{
  url: string
  engine: Running
  keys: Readonly<{ apiKey: string; appKey: string }>
  /** Somebody who is signed in, at a desk, in the light. */
  page: Page
  /** Another window of somebody who is signed in. */
  open: (how: Look) => Promise<Page>
  /** Somebody who isn't. */
  stranger: () => Promise<Page>
  /** What browsers complained of: errors of scripts, and what the policy forbade. */
  complaints: string[]
  /** Writes docs/images/NAME.png where UPDATE_SCREENSHOTS=1. */
  picture: (page: Page, name: string) => Promise<void>
  close: () => Promise<void>
}>

export type Look = Readonly<{ scheme: 'light' | 'dark'; width: number }>

const height = 800
export const desk: Look = { scheme: 'light', width: 1_280 }

export async function setStage(chromium: string): Promise<Stage> {
  const folder = temporaryFolder()
  const dataDir = join(folder.path, 'data')
  const port = await freePort()
  const [engine, browser] = await Promise.all([startTocsin(dataDir, port), launchChromium(chromium)])
  const keys = readKeys(dataDir, { apiKey: null, appKey: null })
  if (keys === null) throw new Error('npm start made no keys')
  const url = `http://127.0.0.1:${port}`
  const complaints: string[] = []
  const windows = { browser, url, complaints }
  const page = await windowOf(windows, desk)
  await signIn(page, keys)
  const state = await page.context().storageState()
  return {
    url,
    engine,
    keys,
    page,
    complaints,
    open: async (look) => windowOf(windows, look, state),
    stranger: () => windowOf(windows, desk),
    picture,
    close: async () => {
      await browser.close()
      engine.interrupt()
      await engine.exited
      folder.remove()
    },
  }
}

export async function signIn(page: Page, { apiKey, appKey }: Stage['keys']): Promise<void> {
  await page.getByLabel('API key').fill(apiKey)
  await page.getByLabel('Application key').fill(appKey)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').waitFor()
}

type Windows = Readonly<{ browser: Browser; url: string; complaints: string[] }>
type State = Awaited<ReturnType<BrowserContext['storageState']>>

async function windowOf({ browser, url, complaints }: Windows, { scheme, width }: Look, state?: State): Promise<Page> {
  const look = { colorScheme: scheme, viewport: { width, height }, baseURL: url, locale: 'en-GB', timezoneId: 'Europe/Berlin' }
  const context = await browser.newContext({ ...look, ...(state === undefined ? {} : { storageState: state }) })
  const page = await context.newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // What the API refuses is told on the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  await page.goto('/')
  return page
}

const images = fileURLToPath(new URL('../../../docs/images/', import.meta.url))

async function picture(page: Page, name: string): Promise<void> {
  if (process.env.UPDATE_SCREENSHOTS !== '1') return
  mkdirSync(images, { recursive: true })
  await page.screenshot({ path: join(images, `${name}.png`), animations: 'disabled' })
}
