/** A downtime is planned by its rule, seen in the calendar, changed and canceled. */
import { test } from 'vitest'
import type { Stage } from './stage.ts'

export function downtimesScene(stage: () => Stage): void {
  test('a downtime that comes again is planned with a preview, stands in the calendar, is changed and canceled', async () => {
    const { page } = stage()
    await page.goto('/downtimes')
    await page.getByRole('heading', { level: 1, name: 'Downtimes' }).waitFor()
    await page.getByRole('region', { name: 'Calendar' }).waitFor()
    await page.keyboard.press('n')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Monitors').fill('team:shop')
    await dialog.getByText('Again and again').click()
    await dialog.getByLabel('Every', { exact: true }).selectOption('DAILY')
    await dialog.getByLabel('Message').fill('Nightly backup')
    await dialog.getByRole('region', { name: 'What it comes to' }).getByRole('listitem').nth(9).waitFor()
    await dialog.getByLabel('Length').fill('soon')
    await dialog.getByText('expected a duration like').waitFor()
    await dialog.getByLabel('Length').fill('90m')
    await dialog.getByText('expected a duration like').waitFor({ state: 'detached' })
    await stage().picture(page, 'console-downtime-form')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The downtime is planned').waitFor()
    const calendar = page.getByRole('region', { name: 'Calendar' })
    await calendar.getByRole('button', { name: 'Nightly backup' }).nth(3).click()
    await dialog.getByLabel('Message').fill('Nightly copy')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await calendar.getByRole('button', { name: 'Nightly copy' }).first().waitFor()
    await page.getByRole('row', { name: 'Nightly copy' }).getByText('every day').waitFor()
    await page.getByRole('button', { name: 'Cancel Nightly copy' }).click()
    await page.getByRole('row', { name: 'Nightly copy' }).getByText('canceled', { exact: true }).waitFor()
    // For what looks at the page later.
    const weekly = {
      timezone: 'Europe/Berlin',
      recurrences: [{ start: '2026-01-01T02:00', duration: '2h', rrule: 'FREQ=WEEKLY;BYDAY=TU,TH' }],
    }
    const attributes = { scope: 'queue:mail', monitor_identifier: { monitor_tags: ['team:shop'] }, message: 'Mail moves', schedule: weekly }
    await stage().engine.client.request('POST', '/api/v2/downtime', { data: { type: 'downtime', attributes } })
    await calendar.getByRole('button', { name: 'Mail moves' }).first().waitFor()
  })
}
