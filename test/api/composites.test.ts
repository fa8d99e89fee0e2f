import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const metric = { type: 'query alert', name: 'CPU', query: 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90' }
const create = (body: object) => api.send('POST', '/api/v1/monitor', body)
const newId = async (body: object = metric): Promise<number> => (await create(body)).body.id
const composite = (query: string) => ({ type: 'composite', name: 'Both', query })

describe('a composite', () => {
  test('is made of monitors that there are', async () => {
    const [one, other] = [await newId(), await newId()]
    const answer = await create(composite(`${one} && !${other}`))
    expect(answer.status, answer.text).toBe(200)
    expect(answer.body).toMatchObject({ type: 'composite', query: `${one} && !${other}`, multi: false })
  })

  test('names each monitor that there isn’t, and stores nothing', async () => {
    const one = await newId()
    const before = await api.pool.query('select count(*) from monitors')
    const answer = await create(composite(`${one} && (777001 || 777002)`))
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: ['query: there is no monitor 777001', 'query: there is no monitor 777002'] },
    })
    expect((await api.pool.query('select count(*) from monitors')).rows).toEqual(before.rows)
  })

  test('is made of no composites, nor of itself', async () => {
    const one = await newId()
    const inner = await newId(composite(`${one}`))
    const sentence = `query: monitor ${inner} is a composite, and a composite is made of other monitors`
    expect(await create(composite(`${one} || ${inner}`))).toMatchObject({ status: 400, body: { errors: [sentence] } })
    const change = await api.send('PUT', `/api/v1/monitor/${inner}`, { query: `${one} || ${inner}` })
    expect(change).toMatchObject({ status: 400, body: { errors: [sentence] } })
  })

  test('may be changed while a member is gone, but for its query', async () => {
    const [one, other] = [await newId(), await newId()]
    const id = await newId(composite(`${one} && ${other}`))
    const refused = await api.send('DELETE', `/api/v1/monitor/${other}`)
    expect(refused.status).toBe(400)
    expect(refused.body.errors[0]).toMatch(new RegExp(`^monitor \\[${other},.*\\] is referenced in composite monitors: \\[${id},.*\\]$`))
    expect((await api.send('DELETE', `/api/v1/monitor/${other}?force=true`)).status).toBe(200)
    expect((await api.send('PUT', `/api/v1/monitor/${id}`, { name: 'Renamed' })).status).toBe(200)
    expect((await api.send('PUT', `/api/v1/monitor/${id}`, { query: `${one} || ${other}` })).status).toBe(400)
  })
})
