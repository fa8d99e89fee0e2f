/** Templates of monitors: their versions, and definitions that no monitor could be made of. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

const path = '/api/v2/monitor/template'
const definition = { type: 'query alert', name: 'CPU', query: 'avg(last_5m):avg:system.cpu{$env} > 4', message: 'x' }

function body(more: object = {}, data: object = {}): object {
  const variables = [{ name: 'env', tag_key: 'env', available_values: ['prod'], defaults: ['prod'] }]
  const attributes = { title: 'CPU', description: 'of a host', tags: ['integration:system'], template_variables: variables }
  return { data: { type: 'monitor-user-template', attributes: { ...attributes, monitor_definition: definition, ...more }, ...data } }
}

test('a template is made, changed with its versions kept, and deleted', async () => {
  const created = await api.send('POST', path, body())
  expect(created.status, created.text).toBe(200)
  const { id } = created.body.data
  expect(created.body.data).toMatchObject({
    type: 'monitor-user-template',
    attributes: { title: 'CPU', version: 1, monitor_definition: definition },
  })
  const changed = await api.send('PUT', `${path}/${id}`, body({ title: 'CPU of a host' }, { id: '' }))
  expect(changed.body.data.attributes).toMatchObject({ title: 'CPU of a host', version: 2 })
  const read = await api.send('GET', `${path}/${id}?with_all_versions=true`)
  expect(read.body.data.attributes.versions).toMatchObject([
    { version: 2, title: 'CPU of a host' },
    { version: 1, title: 'CPU', id },
  ])
  expect((await api.send('GET', `${path}/${id}`)).body.data.attributes).not.toHaveProperty('versions')
  expect((await api.send('GET', path)).body.data).toMatchObject([{ id, attributes: { version: 2 } }])
  expect((await api.send('DELETE', `${path}/${id}`)).status).toBe(204)
  expect(await api.send('GET', `${path}/${id}`)).toMatchObject({ status: 404, body: { errors: ['Template not found'] } })
})

test('validate answers without a body and stores nothing', async () => {
  expect(await api.send('POST', `${path}/validate`, body())).toMatchObject({ status: 204, text: '' })
  expect((await api.send('GET', path)).body).toEqual({ data: [] })
  expect((await api.send('POST', `${path}/7a176ba6-a270-11ed-875a-da7ad0900002/validate`, body())).status).toBe(404)
})

test.each([
  ['a query that is wrong', { monitor_definition: { ...definition, query: 'avg(' } }],
  ['a variable that it hasn’t', { template_variables: [] }],
  ['no title', { title: '' }],
  ['a surprise', { surprise: true }],
])('%s is refused', async (_, more) => {
  for (const where of [path, `${path}/validate`]) {
    const answer = await api.send('POST', where, body(more))
    expect(answer.status, answer.text).toBe(400)
  }
  expect((await api.send('GET', path)).body).toEqual({ data: [] })
})
