/** Signing in, the list of monitors, what fires, keys: each as somebody does it. */
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { type Stage, signIn } from './stage.ts'

/** Metrics that nobody else pushes. */
const queue = 'console.test.queue'

export function signInScene(stage: () => Stage): void {
  test('who isn’t signed in is asked for keys, is told when they are wrong, and leaves none behind', async () => {
    const page = await stage().stranger()
    await page.goto('/monitors?q=status%3Aalert')
    await page.getByLabel('API key').fill('nonsense-nonsense')
    await page.getByLabel('Application key').fill('nonsense-nonsense')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('alert').getByText('One of these keys is unknown').waitFor()
    await signIn(page, stage().keys)
    // Where somebody wanted to be.
    expect(new URL(page.url()).search).toBe('?q=status%3Aalert')
    const kept = await page.evaluate<string>('JSON.stringify([localStorage, sessionStorage, document.cookie, location.href])')
    for (const key of Object.values(stage().keys)) expect(kept).not.toContain(key)
    expect(kept).not.toContain('tocsin_session')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    await page.context().close()
  })
}

export function monitorsScene(stage: () => Stage): void {
  const create = async (name: string, tags: readonly string[] = []): Promise<number> => {
    const query = `max(last_1m):max:${queue}{*} by {queue} > 40`
    const body = { type: 'query alert', name, query, message: '@log', tags, options: { thresholds: { critical: 40 } } }
    const { body: made } = await stage().engine.client.request('POST', '/api/v1/monitor', body)
    return Number(Reflect.get(Object(made), 'id'))
  }
  const push = async (value: number): Promise<void> => {
    const point = { timestamp: Math.floor(Date.now() / 1_000), value }
    const series = [{ metric: queue, type: 3, points: [point], tags: ['queue:mail'] }]
    await stage().engine.client.request('POST', '/api/v2/series', { series })
  }

  test('a monitor that is made elsewhere appears by itself, and so does its alert', async () => {
    const { page } = stage()
    await page.goto('/monitors?q=seen')
    await page.getByText('No monitor is like that').waitFor()
    const id = await create('Queue is seen')
    const row = page.getByRole('row', { name: 'Queue is seen' })
    await row.waitFor()
    await until('the alert in the list', async () => {
      await push(90)
      await stage().engine.client.request('POST', `/api/v2/monitor/${id}/evaluate`)
      return (await row.getByText('Alert').count()) > 0
    })
  })

  test('filters write the search, the search is in the address, and a name found in the palette', async () => {
    const { page } = stage()
    await create('Queue is tagged', ['team:console'])
    await page.goto('/monitors')
    await page.getByRole('group', { name: 'Team' }).getByText('console').click()
    await page.waitForURL('**/monitors?q=team%3Aconsole')
    expect(await page.getByLabel('Search monitors').inputValue()).toBe('team:console')
    await page.getByRole('row', { name: 'Queue is tagged' }).waitFor()
    await page.goBack()
    await page.waitForURL('**/monitors')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').fill('queue is tag')
    await page.getByRole('option', { name: 'Queue is tagged' }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('a search that is wrong says where', async () => {
    const { page } = stage()
    await page.goto('/monitors?q=status%3A(')
    await page.getByRole('alert').getByText('query:').waitFor()
  })

  test('what is chosen is muted, unmuted and deleted', async () => {
    const { page } = stage()
    await create('Bulk one')
    await create('Bulk two')
    await page.goto('/monitors?q=bulk')
    await page.getByRole('row', { name: 'Bulk two' }).waitFor()
    await page.getByLabel('Choose all').click()
    await page.getByText('2 chosen').waitFor()
    await page.keyboard.press('m')
    await page.getByRole('button', { name: '1 hour' }).click()
    await page.getByText('2 muted').waitFor()
    await page.getByRole('row', { name: 'Bulk one' }).getByText('Muted').waitFor()
    await page.getByLabel('Choose Bulk one').click()
    await page.getByRole('button', { name: 'Unmute' }).click()
    await page.getByText('1 unmuted').waitFor()
    await page.getByLabel('Choose all').click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: 'Delete 2 monitors' }).click()
    await page.getByText('No monitor is like that').waitFor()
  })

  test('rules of Prometheus are imported from a file', async () => {
    const { page } = stage()
    await page.goto('/monitors')
    await page.getByRole('button', { name: 'Import' }).click()
    const rules =
      'groups:\n- name: shop\n  rules:\n  - alert: ShopIsSlow\n    expr: shop_latency > 1\n    for: 5m\n  - record: a:b\n    expr: a\n'
    await page.getByLabel('Choose files').setInputFiles({ name: 'shop.yml', mimeType: 'application/yaml', buffer: Buffer.from(rules) })
    await page.getByText('recording rule').waitFor()
    await page.getByRole('button', { name: 'Import 1 monitor' }).click()
    await page.getByText('1 monitors imported').waitFor()
    await page.getByRole('row', { name: 'ShopIsSlow' }).waitFor()
  })
}

export function incidentsScene(stage: () => Stage): void {
  test('what fires is acknowledged with a note', async () => {
    const { page } = stage()
    await page.goto('/incidents?by=monitor')
    const bundle = page.getByRole('region', { name: 'Queue is seen' })
    await bundle.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByLabel('Note').fill('restarting it')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await bundle.getByText('default: restarting it').waitFor()
    await page.getByText('Nobody on it').click()
    await bundle.waitFor({ state: 'detached' })
  })
}

export function keysScene(stage: () => Stage): void {
  test('a key is made, shown once, made less, and revoked', async () => {
    const { page } = stage()
    await page.goto('/keys')
    await page.getByRole('button', { name: 'New application key' }).click()
    await page.getByLabel('Name').fill('Ann')
    await page.getByLabel('Role', { exact: true }).selectOption('editor')
    await page.getByRole('button', { name: 'Make it' }).click()
    const key = await page.locator('.keys-made').textContent()
    expect(key).toMatch(/^[0-9a-f]{40}$/)
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.locator('.keys-made').waitFor({ state: 'detached' })
    expect(await page.content()).not.toContain(key)
    await page.getByLabel('Role of Ann').selectOption('viewer')
    await page.getByText('Ann is a viewer from now on').waitFor()
    await page.getByRole('button', { name: 'Revoke Ann' }).click()
    await page.getByRole('button', { name: 'Revoke it' }).click()
    await page.getByRole('row', { name: 'Ann' }).waitFor({ state: 'detached' })
  })
}

export function firstStepsScene(stage: () => Stage): void {
  test('who has no monitor is led to a first one', async () => {
    const { page } = stage()
    await page.goto('/monitors')
    await page.getByLabel('Choose all').click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Delete \d+ monitors$/ })
      .click()
    await page.getByText('Nothing is watched yet').waitFor()
    await stage().picture(page, 'console-first-steps')
    await page.getByRole('listitem').filter({ hasText: 'A web page answers' }).getByRole('button').click()
    await page.getByRole('row', { name: 'Tocsin answers' }).waitFor()
  })
}
