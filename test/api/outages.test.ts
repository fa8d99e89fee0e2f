import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeEach(async () => {
  api = await startApi()
})
afterEach(() => api.close())

const load = {
  type: 'query alert',
  name: 'Load is high',
  query: 'avg(last_5m):avg:system.load.1{*} > 4',
  message: 'x',
  options: { thresholds: { critical: 4 } },
}

describe('while Temporal is away', () => {
  test.each(['refusing', 'hanging'] as const)('definitions are written as ever when it is %s, and nobody waits for long', async (how) => {
    api.control.goAway(how)
    const startedAt = Date.now()
    const created = await api.send('POST', '/api/v1/monitor', load)
    expect(created.status).toBe(200)
    expect(Date.now() - startedAt).toBeLessThan(4_000)
    const path = `/api/v1/monitor/${created.body.id}`
    expect((await api.send('PUT', path, { name: 'Other' })).body.name).toBe('Other')
    expect((await api.send('POST', `${path}/mute`, {})).body.options.silenced).toEqual({ '*': null })
    expect(api.events.filter(({ event }) => event === 'monitor-not-told-yet')).toHaveLength(3)
    expect((await api.send('DELETE', path)).status).toBe(200)
    // What the reconciler goes by.
    const { rows } = await api.pool.query('select version, applied_version, deleted_at is not null as deleted, stopped_at from monitors')
    expect(rows).toEqual([{ version: 3, applied_version: null, deleted: true, stopped_at: null }])
  })

  test('requests that need the running monitor say so, and readiness is not lost', async () => {
    const { body } = await api.send('POST', '/api/v1/monitor', load)
    api.control.goAway()
    for (const [method, path] of [
      ['POST', `/api/v1/monitor/${body.id}/resolve`],
      ['POST', `/api/v2/monitor/${body.id}/evaluate`],
      ['POST', `/api/v2/monitor/${body.id}/pause`],
      ['POST', `/api/v2/monitor/${body.id}/resume`],
      ['GET', `/api/v2/monitor/${body.id}/state`],
    ] as const) {
      const answer = await api.send(method, path)
      expect(answer, path).toMatchObject({ status: 503, body: { errors: ['Temporal gave no answer: connection refused'] } })
      expect(answer.headers.get('retry-after')).toBe('2')
    }
    expect(await api.send('GET', `/api/v2/monitor/${body.id}/status`)).toMatchObject({ status: 200, body: { id: body.id } })
    expect(await api.send('GET', '/ready')).toMatchObject({ status: 200, body: { temporal: 'unreachable', postgres: 'reachable' } })
  })
})

describe('while PostgreSQL is away', () => {
  test('every route says so with 503, none with 500, and work goes on when it is back', async () => {
    const { body } = await api.send('POST', '/api/v1/monitor', load)
    await lockOut(api)
    for (const [method, path, sent] of [
      ['GET', '/api/v1/validate', undefined],
      ['GET', '/api/v1/monitor', undefined],
      ['POST', '/api/v1/monitor', load],
      ['PUT', `/api/v1/monitor/${body.id}`, { name: 'x' }],
      ['DELETE', `/api/v1/monitor/${body.id}`, undefined],
      ['POST', `/api/v2/monitor/${body.id}/pause`, undefined],
      ['GET', `/api/v2/monitor/${body.id}/evaluations`, undefined],
      ['GET', `/api/v2/monitor/${body.id}/audit`, undefined],
      ['GET', `/api/v2/monitor/${body.id}/status`, undefined],
    ] as const) {
      const answer = await api.send(method, path, sent)
      expect(answer, `${method} ${path}`).toMatchObject({ status: 503, body: { errors: ['the database can’t be reached right now'] } })
      expect(answer.headers.get('retry-after')).toBe('2')
    }
    expect(await api.send('GET', '/ready')).toMatchObject({ status: 503, body: { status: 'not ready', postgres: 'unreachable' } })
    expect(await api.send('GET', '/health')).toMatchObject({ status: 200 })
    await letIn(api)
    expect((await api.send('PUT', `/api/v1/monitor/${body.id}`, { name: 'x' })).status).toBe(200)
  })

  test('a broken pool is no bug of ours either', async () => {
    await api.pool.end()
    expect((await api.send('GET', '/api/v1/monitor')).status).toBe(503)
  })
})

test('a monitor that is stored but not running yet answers 503 with that reason', async () => {
  const { body } = await api.send('POST', '/api/v1/monitor', load)
  api.control.running.clear()
  const answer = await api.send('POST', `/api/v1/monitor/${body.id}/resolve`, { groups: ['host:a'] })
  expect(answer).toMatchObject({ status: 503, body: { errors: [`monitor ${body.id} has no running workflow yet`] } })
})

/** As if the server had gone: connections are cut and new ones refused. */
async function lockOut(of: Api): Promise<void> {
  await of.admin(`alter database ${of.database} allow_connections false`)
  await of.admin(`select pg_terminate_backend(pid) from pg_stat_activity where datname = '${of.database}'`)
}

async function letIn(of: Api): Promise<void> {
  await of.admin(`alter database ${of.database} allow_connections true`)
}
