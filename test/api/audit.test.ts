import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Api, type Json, startApi } from './harness.ts'

let api: Api
let id: number
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())
beforeEach(async () => {
  api.control.comeBack()
  const query = 'avg(last_5m):avg:system.load.1{*} by {host} > 4'
  const options = { thresholds: { critical: 4 } }
  const { body } = await api.send('POST', '/api/v1/monitor', { type: 'query alert', name: 'Load', query, message: 'old', options })
  id = body.id
})

const audit = async (query = ''): Promise<Json[]> => (await api.send('GET', `/api/v2/monitor/${id}/audit${query}`)).body.audit

describe('each deed is an event, with who and when', () => {
  const deeds: [string, string, object | undefined, string, object][] = [
    ['pause', 'v2', undefined, 'monitor.paused', {}],
    ['resume', 'v2', undefined, 'monitor.resumed', {}],
    ['evaluate', 'v2', undefined, 'monitor.evaluated', {}],
    ['resolve', 'v1', undefined, 'monitor.resolved', { groups: '*' }],
    ['resolve', 'v1', { groups: ['host:a', 'host:b'] }, 'monitor.resolved', { groups: ['host:a', 'host:b'], groups_count: 2 }],
  ]
  test.each(deeds)('%s %s %j', async (path, version, body, action, detail) => {
    const before = Date.now()
    expect((await api.send('POST', `/api/${version}/monitor/${id}/${path}`, body)).status).toBeLessThan(300)
    const [event] = await audit()
    expect(event).toEqual({
      id: expect.any(Number),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      actor: 'default',
      action,
      detail: { ...detail, outcome: 'done' },
    })
    expect(Date.parse(event.at)).toBeGreaterThanOrEqual(before - 1_000)
  })

  test('what was asked while nobody heard it says so', async () => {
    api.control.goAway()
    expect(await api.send('POST', `/api/v2/monitor/${id}/pause`)).toMatchObject({ status: 503 })
    api.control.comeBack()
    api.control.running.delete(id)
    expect(await api.send('POST', `/api/v2/monitor/${id}/resume`)).toMatchObject({ status: 503 })
    expect(await audit('?limit=2')).toMatchObject([
      { action: 'monitor.resumed', detail: { outcome: 'refused', reason: expect.stringContaining('no running workflow') } },
      { action: 'monitor.paused', detail: { outcome: 'unconfirmed', reason: expect.stringContaining('Temporal gave no answer') } },
    ])
  })

  test('the event is there before the deed: a process that dies in between hides nothing', async () => {
    api.control.goAway('hanging')
    void api.send('POST', `/api/v2/monitor/${id}/pause`).catch(() => {})
    await expect.poll(() => audit('?limit=1')).toMatchObject([{ action: 'monitor.paused', detail: { outcome: 'requested' } }])
  })

  test('what is refused beforehand is no deed', async () => {
    const before = await audit()
    expect((await api.send('POST', `/api/v1/monitor/${id}/resolve`, { groups: [] })).status).toBe(400)
    expect(await audit()).toEqual(before)
  })
})

describe('an edit is an event with both versions', () => {
  const edit = async (change: object): Promise<Json> => {
    expect((await api.send('PUT', `/api/v1/monitor/${id}`, change)).status).toBe(200)
    return (await audit('?limit=1'))[0]
  }

  test('and what changed, from what to what, options one by one', async () => {
    const options = { thresholds: { critical: 4, warning: 2 }, timeout_h: 2 }
    expect(await edit({ name: 'Other', tags: ['a:b'], options })).toMatchObject({
      action: 'monitor.updated',
      actor: 'default',
      detail: {
        version: 2,
        previous_version: 1,
        changes: [
          { field: 'name', from: 'Load', to: 'Other' },
          { field: 'tags', from: [], to: ['a:b'] },
          { field: 'options.thresholds', from: { critical: 4 }, to: { critical: 4, warning: 2 } },
          { field: 'options.timeout_h', to: 2 },
        ],
      },
    })
  })

  test.each([
    ['message', { message: 'a token: 123' }],
    ['assets', { assets: [{ name: 'r', url: 'https://user:secret@example.org/', category: 'runbook' }] }],
    ['name', { name: 'x'.repeat(600) }],
  ])('without values that are texts or too long: %s', async (field, change) => {
    expect((await edit(change)).detail.changes).toEqual([{ field }])
  })

  test('the address of a check is none of the audit’s business', async () => {
    const created = await api.send('POST', '/api/v1/monitor', { type: 'http alert', name: 'Check', query: checkQuery('a'), message: '' })
    expect(created.status, created.text).toBe(200)
    id = created.body.id
    expect((await edit({ query: checkQuery('b') })).detail.changes).toEqual([{ field: 'query' }])
  })

  test('that changes nothing is none', async () => {
    await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'Load' })
    expect(await audit()).toMatchObject([{ action: 'monitor.created' }])
  })
})

const checkQuery = (token: string): string => `http("http://127.0.0.1:9/?token=${token}").failed() > 0`

describe('the events of a monitor', () => {
  test('come newest first, in pages', async () => {
    for (const action of ['pause', 'resume', 'evaluate', 'pause']) await api.send('POST', `/api/v2/monitor/${id}/${action}`)
    const first = await api.send('GET', `/api/v2/monitor/${id}/audit?limit=3`)
    expect(first.body.audit.map((event: Json) => event.action)).toEqual(['monitor.paused', 'monitor.evaluated', 'monitor.resumed'])
    const rest = await api.send('GET', `/api/v2/monitor/${id}/audit?limit=3&before=${first.body.next}`)
    expect(rest.body).toMatchObject({ audit: [{ action: 'monitor.paused' }, { action: 'monitor.created' }], next: null })
  })

  test('stay readable when it is deleted; of one that never was, 404', async () => {
    await api.send('DELETE', `/api/v1/monitor/${id}`)
    expect(await audit()).toMatchObject([{ action: 'monitor.deleted' }, { action: 'monitor.created' }])
    expect(await api.send('GET', '/api/v2/monitor/999999/audit')).toMatchObject({ status: 404 })
  })

  test.each(['limit=0', 'limit=1001', 'before=x', 'before=-1'])('%s is refused', async (query) => {
    expect(await api.send('GET', `/api/v2/monitor/${id}/audit?${query}`)).toMatchObject({ status: 400 })
  })
})
