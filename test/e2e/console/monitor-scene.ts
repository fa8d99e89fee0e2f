/** One monitor from its alert to its recovery, as somebody sees it on its page: muted meanwhile, and told after a failure. */
import { expect, test } from 'vitest'
import { axeFindings } from '../../support/browser.ts'
import { startHookServer } from '../../support/hook-server.ts'
import { until } from '../../support/until.ts'
import type { Stage } from './stage.ts'

const metric = 'console.test.page'

export function monitorScene(stage: () => Stage): void {
  const send = async (method: 'POST' | 'PUT', path: string, body: object = {}): Promise<unknown> =>
    (await stage().engine.client.request(method, path, body)).body
  const push = (value: number): Promise<unknown> => {
    const timestamp = Math.floor(Date.now() / 1_000)
    const series = ['mail', 'orders', 'exports'].map((queue, index) => ({
      metric,
      type: 3,
      points: [{ timestamp, value: index === 0 ? value : 8 * index }],
      tags: [`queue:${queue}`],
    }))
    return send('POST', '/api/v2/series', { series })
  }

  /** An hour as it might have been, up to two minutes ago. */
  const pushPast = (): Promise<unknown> => {
    const now = Math.floor(Date.now() / 1_000)
    const series = ['mail', 'orders', 'exports'].map((queue, index) => ({
      metric,
      type: 3,
      points: Array.from({ length: 58 }, (_, ago) => ({
        timestamp: now - 120 - ago * 60,
        value: Math.round(18 + 9 * Math.sin(ago / (5 + 2 * index)) + 4 * index),
      })),
      tags: [`queue:${queue}`],
    }))
    return send('POST', '/api/v2/series', { series })
  }

  test('a monitor goes into Alert and recovers under one’s eyes, is muted, and a message that failed is sent again', async () => {
    const { page } = stage()
    let status = 400
    const hook = await startHookServer((res) => res.writeHead(status).end())
    await send('POST', '/api/v2/receivers', { name: 'page-hook', kind: 'webhook', config: { url: hook.url } })
    const query = `min(last_1m):max:${metric}{*} by {queue} > 40`
    const thresholds = { critical: 40, critical_recovery: 30 }
    const body = { type: 'query alert', name: 'Page of a queue', query, message: '@page-hook', tags: ['team:shop'], priority: 2 }
    const id = Number(Reflect.get(Object(await send('POST', '/api/v1/monitor', { ...body, options: { thresholds } })), 'id'))
    await pushPast()
    await page.goto(`/monitors/${id}`)
    await page.getByRole('heading', { level: 1, name: 'Page of a queue' }).waitFor()
    const evaluatedTo = (wanted: string, value: number): Promise<unknown> =>
      until(`${wanted} on the page`, async () => {
        await push(value)
        await send('POST', `/api/v2/monitor/${id}/evaluate`)
        return (await page.locator('.facts-line .status').textContent()) === wanted
      })

    await evaluatedTo('Alert', 90)
    await page.getByRole('tab', { name: 'Deliveries' }).click()
    await page.getByRole('row', { name: 'page-hook' }).getByText('failed').waitFor()
    await page.getByRole('button', { name: /^Attempts of .* to page-hook$/ }).click()
    await page.getByRole('list', { name: 'Attempts' }).getByText('400').first().waitFor()
    status = 200
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByRole('row', { name: 'page-hook' }).locator('.sent-delivered').waitFor()

    await page.keyboard.press('m')
    await page.getByRole('dialog').getByRole('button', { name: '4 hours' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Mute', exact: true }).click()
    await page.getByText('Muted until').waitFor()
    await page.getByRole('button', { name: 'Unmute' }).click()
    await page.getByText('Muted until').waitFor({ state: 'detached' })

    await page.keyboard.press('2')
    await page.getByRole('row', { name: 'queue:mail' }).getByText('The value crossed the threshold').waitFor()
    await stage().picture(page, 'console-monitor-transitions')
    await evaluatedTo('OK', 3)
    await page.getByRole('row', { name: 'queue:mail' }).getByText('The value is back within bounds').waitFor()

    await send('PUT', `/api/v1/monitor/${id}`, { options: { thresholds: { ...thresholds, critical_recovery: 20 } } })
    await page.keyboard.press('5')
    await page.getByRole('list', { name: 'What changed' }).getByText('"critical_recovery":20').waitFor()
    await hook.close()
  })

  test('its page is readable by everybody, in both schemes and on a phone', async () => {
    const [id] = await madeIds(stage())
    for (const look of [
      { scheme: 'light', width: 1_280 },
      { scheme: 'dark', width: 1_280 },
      { scheme: 'dark', width: 390 },
    ] as const) {
      const page = await stage().open(look)
      await page.goto(`/monitors/${id}?range=1h`)
      await page
        .getByRole('button', { name: /^queue:mail/ })
        .first()
        .waitFor()
      await page.getByRole('row', { name: 'queue:mail' }).waitFor()
      expect(await axeFindings(page), `${look.scheme}, ${look.width} wide`).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)
      await stage().picture(page, look.width < 500 ? 'console-monitor-phone' : `console-monitor-${look.scheme}`)
      await page.context().close()
    }
  })
}

/** The id of the monitor that the scene before has made. */
async function madeIds({ engine }: Stage): Promise<readonly unknown[]> {
  const { body } = await engine.client.request('GET', '/api/v1/monitor?name=Page')
  return Array.isArray(body) ? body.map((monitor) => Reflect.get(Object(monitor), 'id')) : []
}
