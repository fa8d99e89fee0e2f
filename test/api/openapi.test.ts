/** The OpenAPI document says what there is: every route, and each answer of every API test (test/support/documented.ts). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp } from '../../api/app.ts'
import { operations } from '../../api/openapi/all.ts'
import { routesOf } from '../support/routes.ts'
import { type Api, startApi } from './harness.ts'

let api: Api
beforeAll(async () => {
  api = await startApi()
})
afterAll(() => api.close())

test('every route of the app is in the document, and nothing else is', () => {
  const routes = routesOf(createApp(api.deps))
  expect(routes.length).toBeGreaterThan(100)
  const documented = operations.map(({ method, path }) => `${method} ${path}`)
  expect([...documented].sort()).toEqual([...routes].sort())
})

test('the document is served without a key, says its version, and refers only to what it has', async () => {
  const answer = await api.send('GET', '/api/openapi.json', undefined, {})
  expect(answer.status).toBe(200)
  expect(answer.body.openapi).toBe('3.1.0')
  const names = Object.keys(answer.body.components.schemas)
  expect(names).toContain('Monitor')
  const referred = [...answer.text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref.replace('#/components/schemas/', ''))
  expect(names).toEqual(expect.arrayContaining([...new Set(referred)]))
  const ids = Object.values<Record<string, { operationId: string }>>(answer.body.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

test('an operation says its keys, its role, its parameters and its refusals', async () => {
  const { body } = await api.send('GET', '/api/openapi.json', undefined, {})
  const { get, put } = body.paths['/api/v1/monitor/{id}']
  expect(get.parameters.map(({ name }: { name: string }) => name)).toEqual([
    'id',
    'group_states',
    'with_assets',
    'with_downtimes',
    'with_restricted_roles',
  ])
  expect(get.description).toContain('viewer')
  expect(put.description).toContain('editor')
  expect(put.security).toEqual([{ apiKey: [], applicationKey: [] }])
  expect(put.requestBody.content['application/json'].schema).toEqual({ $ref: '#/components/schemas/MonitorUpdate' })
  expect(Object.keys(put.responses)).toEqual(['200', '400', '401', '403', '404', '413', '415', '429', '431', '503'])
})

test('the page to be read has every operation, runs no script and loads nothing from anywhere', async () => {
  const page = await api.send('GET', '/api/docs', undefined, {})
  expect(page.status).toBe(200)
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/)
  expect(page.text).not.toMatch(/<script|<link|<img|src=|https?:\/\//i)
  for (const { summary } of operations) expect(page.text).toContain(summary)
})
