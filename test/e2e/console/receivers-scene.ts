/** Who is told and where data comes from: made by hand, tried, and what failed sent again. */
import { expect, test } from 'vitest'
import { axeFindings } from '../../support/browser.ts'
import { answer, startHookServer } from '../../support/hook-server.ts'
import type { Stage } from './stage.ts'

export function receiversScene(stage: () => Stage): void {
  test('a webhook is made by hand, tried, and keeps its secret to itself', async () => {
    const { page } = stage()
    const hooks = await startHookServer((res, attempt, req) => answer(attempt === 1 ? 200 : 500)(res, attempt, req))
    await page.goto('/receivers')
    await page.getByRole('button', { name: 'New receiver' }).first().click()
    await page.getByRole('button', { name: /^Webhook/ }).click()
    await page.getByLabel('Name', { exact: true }).fill('console-hook')
    await page.getByLabel('Address').fill('nowhere')
    await page.getByRole('button', { name: 'Create it' }).click()
    await page.getByRole('alert').getByText('config.url').waitFor()
    await page.getByLabel('Address').fill(hooks.url)
    await page.getByLabel('Headers').fill('{"x-team": "hunter2"}')
    await page.getByRole('button', { name: 'Create it' }).click()
    await page.waitForURL('**/receivers/console-hook')
    await page.getByRole('button', { name: 'Send a test message' }).click()
    await page.getByText('It works').waitFor()
    expect(hooks.hooks().map(({ headers }) => headers['x-team'])).toEqual(['hunter2'])
    expect(await page.content()).not.toContain('hunter2')
    expect(await axeFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Send a test message' }).click()
    await page.getByText('It does not work').waitFor()
    await hooks.close()
    await page.goto('/receivers')
    await page.getByRole('row', { name: 'console-hook' }).getByText('Webhook').waitFor()
  })

  test('a source is made by hand, and a test says why it doesn’t answer', async () => {
    const { page } = stage()
    await page.goto('/sources')
    await page.getByRole('button', { name: 'New source' }).first().click()
    await page.getByRole('button', { name: 'Prometheus' }).click()
    await page.getByLabel('Name', { exact: true }).fill('console-metrics')
    await page.getByLabel('Address').fill('http://127.0.0.1:1')
    await page.getByRole('button', { name: 'Create it' }).click()
    await page.waitForURL('**/sources/console-metrics')
    await page.getByRole('button', { name: 'Test it' }).click()
    await page.getByText('It does not work').waitFor()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('No source of your own yet').waitFor()
  })

  test('messages are found by what became of them', async () => {
    const { page } = stage()
    await page.goto('/deliveries?receiver=log')
    await page.getByRole('row').getByText('delivered').first().waitFor()
    await page.getByText('Dead', { exact: true }).click()
    await page.waitForURL('**/deliveries?receiver=log&status=dead')
    await page.getByText('No message is like that').waitFor()
  })
}
