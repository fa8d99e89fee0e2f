/** What is told to pages that watch: states, transitions and actions, each once, and after an absence what was missed. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type Api, bothKeys, startApi } from './harness.ts'

let api: Api
const stopping = new AbortController()
beforeAll(async () => {
  api = await startApi({ stopping: stopping.signal })
})
afterAll(() => api.close())

type Event = Readonly<{ id: string; event: string; data: Readonly<Record<string, unknown>> }>
type Watch = Readonly<{ status: number; events: Event[]; ended: () => boolean; close: () => void }>

async function watch(headers: Record<string, string> = {}, search = ''): Promise<Watch> {
  const stop = new AbortController()
  const response = await fetch(`${api.url}/api/v2/events/stream${search}`, { headers: { ...bothKeys, ...headers }, signal: stop.signal })
  const events: Event[] = []
  let ended = false
  const read = async (): Promise<void> => {
    let text = ''
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString('utf8')
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) {
        const [, id = '', event = '', data = ''] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(part) ?? []
        if (event !== '') events.push({ id, event, data: JSON.parse(data) })
      }
    }
  }
  void read()
    .catch(() => {})
    .finally(() => {
      ended = true
    })
  return { status: response.status, events, ended: () => ended, close: () => stop.abort() }
}

const create = async (name: string): Promise<number> =>
  (await api.send('POST', '/api/v1/monitor', { type: 'query alert', name, query: 'avg(last_5m):avg:a{*} > 4', message: 'x' })).body.id

const alert = async (id: number, sequence: number): Promise<void> => {
  await api.pool.query(
    `insert into transitions (monitor_id, sequence, group_key, from_status, to_status, slot, reason, version, notify, detail)
     values ($1, $2, '*', 'OK', 'Alert', 0, 'threshold-crossed', 1, false, '{}')`,
    [id, sequence],
  )
  await api.pool.query(`update monitors set overall_state = 'Alert', overall_state_modified = now() where id = $1`, [id])
}

test('who watches is told of a state, a transition and an action, each once', async () => {
  const before = await create('Before')
  const one = await watch()
  await until('the first event', () => one.events.length > 0)
  expect(one.events[0]).toMatchObject({ event: 'here', data: {} })
  const id = await create('Watched')
  await alert(id, 1)
  const of = (kind: string) => one.events.filter(({ event, data }) => event === kind && data.monitor_id === id)
  await until('what was done to be told', () => of('status').length > 0 && of('transition').length > 0 && of('action').length > 0)
  expect(of('status')[0]?.data).toMatchObject({ status: 'Alert', name: 'Watched' })
  expect(of('transition')[0]?.data).toMatchObject({ group: '*', from: 'OK', to: 'Alert' })
  expect(of('action')[0]?.data).toMatchObject({ action: 'monitor.created', actor: 'default' })
  // Two more looks read the same again.
  await alert(before, 1)
  await until('what was done to be told', () => one.events.some(({ event, data }) => event === 'status' && data.monitor_id === before))
  await alert(before, 2)
  await until(
    'what was done to be told',
    () => one.events.filter(({ event, data }) => event === 'transition' && data.monitor_id === before).length === 2,
  )
  expect([of('status').length, of('transition').length, of('action').length]).toEqual([1, 1, 1])
  one.close()
})

test('who comes back is told what was missed, from the last event on', async () => {
  const one = await watch()
  await until('the first event', () => one.events.length > 0)
  const last = one.events.at(-1)?.id ?? ''
  one.close()
  const id = await create('Missed')
  for (const again of [await watch({ 'last-event-id': last }), await watch({}, `?after=${last}`)]) {
    await until('what was done to be told', () => again.events.some(({ event, data }) => event === 'action' && data.monitor_id === id))
    again.close()
  }
})

test.each(['1-1', 'nonsense'])('after %s everything counts as changed', async (last) => {
  const one = await watch({ 'last-event-id': last })
  await until('the first event', () => one.events.length > 0)
  expect(one.events[0]?.event).toBe('reset')
  one.close()
})

test('nobody watches without a key, nor with one that only pushes', async () => {
  expect((await api.send('GET', '/api/v2/events/stream', undefined, {})).status).toBe(401)
  const made = await api.send('POST', '/api/v2/api_keys', { data: { type: 'api_keys', attributes: { name: 'agent', role: 'intake' } } })
  const headers = { ...bothKeys, 'dd-api-key': made.body.data.attributes.key }
  expect((await api.send('GET', '/api/v2/events/stream', undefined, headers)).status).toBe(403)
})

test('an end of the process ends what is watched', async () => {
  const one = await watch()
  await until('the first event', () => one.events.length > 0)
  stopping.abort()
  await until('its end', () => one.ended())
  expect(one.ended()).toBe(true)
})
