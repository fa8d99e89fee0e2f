/** Making a monitor by hand, seeing it alert and recover, and changing it with a backtest beside it. */
import { expect, test } from 'vitest'
import { axeFindings } from '../../support/browser.ts'
import { until } from '../../support/until.ts'
import type { Stage } from './stage.ts'

/** Metrics that nobody else pushes. */
const metric = 'console.edit.queue'
const name = 'Hand made queue'

export function editScene(stage: () => Stage): void {
  const ask = (method: 'GET' | 'POST', path: string, body?: unknown) => stage().engine.client.request(method, path, body)
  const push = async (minutesAgo: readonly number[], value: number): Promise<void> => {
    const now = Math.floor(Date.now() / 1_000)
    const points = minutesAgo.map((ago) => ({ timestamp: now - ago * 60, value }))
    await ask('POST', '/api/v2/series', { series: [{ metric, type: 3, points, tags: ['queue:mail'] }] })
  }
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

  test('a monitor is made by hand: its query completed and checked, its past drawn, its message shown before', async () => {
    // Bad for ten minutes, two hours ago.
    await push([...range(1, 120), ...range(130, 170)], 10)
    await push(range(120, 130), 60)
    const { page } = stage()
    await page.goto('/monitors/new')
    await page.getByRole('button', { name: /query alert$/ }).click()
    await page.getByLabel('Name').fill(name)
    const query = page.getByRole('textbox', { name: 'Query' })
    await query.fill('max(last_5m):max:console.ed')
    await page.getByRole('option', { name: metric }).waitFor()
    await query.press('Enter')
    expect(await query.inputValue()).toBe(`max(last_5m):max:${metric}`)
    await query.pressSequentially('{*} by {queue} >> 40')
    await page.getByText(/syntax error: expected number, but ">" stands at line 1/).waitFor()
    expect(await page.getByRole('button', { name: 'Create' }).isDisabled()).toBe(true)
    await query.fill(`max(last_5m):max:${metric}{*} by {queue} > 40`)
    await page.getByText('It would have alerted once and written 2 messages to the log.').waitFor()
    await page.getByText('queue:mail').first().waitFor()

    // The line is moved by keys: the query and the field say so.
    const line = page.getByRole('slider', { name: 'Alert threshold', exact: true })
    await line.press('ArrowUp')
    const alertAt = async (): Promise<number> => Number(await page.getByLabel('Alert', { exact: true }).inputValue())
    // The line is drawn, and moves, a moment after the key.
    await expect.poll(alertAt, { timeout: 10_000 }).toBeGreaterThan(40)
    const moved = await alertAt()
    expect(await query.inputValue()).toContain(`> ${moved}`)
    await page.getByLabel('Alert', { exact: true }).fill('40')

    const message = page.getByRole('textbox', { name: 'Message' })
    await message.fill('{{value}} jobs wait in {{queue.name}} @lo')
    await page.getByRole('option', { name: 'log', exact: true }).waitFor()
    await message.press('Tab')
    expect(await message.inputValue()).toMatch(/@log$/)
    await page.getByText('40 jobs wait in example').first().waitFor()
    expect(await axeFindings(page)).toEqual([])
    await stage().picture(page, 'console-edit')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByText(`“${name}” watches from now on`).waitFor()
  })

  test('it alerts and recovers', async () => {
    const { page } = stage()
    const id = await idOf(ask)
    await page.goto('/monitors?q=hand')
    const row = page.getByRole('row', { name })
    // One point: what it is said to have been before counts no more.
    const timestamp = Math.floor(Date.now() / 1_000)
    const seen = async (value: number, status: string): Promise<void> => {
      await ask('POST', '/api/v2/series', { series: [{ metric, type: 3, points: [{ timestamp, value }], tags: ['queue:mail'] }] })
      await until(`${status} in the list`, async () => {
        await ask('POST', `/api/v2/monitor/${id}/evaluate`)
        return (await row.getByText(status, { exact: true }).count()) > 0
      })
    }
    await seen(90, 'Alert')
    await seen(5, 'OK')
  })

  test('it is changed with a backtest beside it, and what differs is shown before', async () => {
    const { page } = stage()
    const id = await idOf(ask)
    await page.goto(`/monitors/${id}/edit`)
    await page.getByText(/^It would have alerted/).waitFor()
    expect(await page.getByRole('button', { name: 'Saved' }).isDisabled()).toBe(true)
    await page.getByLabel('Alert', { exact: true }).fill('1000')
    await page.getByText('It would not have alerted, nor notified anybody.').waitFor()
    await page.getByLabel('Find an option').fill('repeat every')
    await page.getByLabel('Repeat every (minutes)').fill('60')
    await page.keyboard.press('Control+s')
    const dialog = page.getByRole('dialog', { name: 'What changes' })
    await dialog.getByText('options.renotify_interval').waitFor()
    await dialog.getByText('options.thresholds').waitFor()
    expect(await axeFindings(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Save these 3 changes' }).click()
    await page.getByText(`“${name}” is saved`).waitFor()
    const { body } = await ask('GET', `/api/v1/monitor/${id}`)
    expect(body).toMatchObject({
      query: `max(last_5m):max:${metric}{*} by {queue} > 1000`,
      options: { renotify_interval: 60, thresholds: { critical: 1_000 } },
    })
  })
}

async function idOf(ask: (method: 'GET', path: string) => Promise<Readonly<{ body: unknown }>>): Promise<number> {
  const { body } = await ask('GET', `/api/v1/monitor?name=${encodeURIComponent(name)}`)
  const [monitor]: unknown[] = Array.isArray(body) ? body : []
  return Number(Reflect.get(Object(monitor), 'id'))
}
