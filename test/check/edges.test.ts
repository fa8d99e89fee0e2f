import { expect, test } from 'vitest'
import { findEdges } from '../../cli/check/edges.ts'

test('a read of the environment outside the listed files is found with what to do instead', () => {
  expect(findEdges('api/app.ts', 'const port = process.env.PORT')).toEqual([
    'api/app.ts:1 process.env: add the variable to config.ts or temporal.config.ts and take it as an argument',
  ])
  expect(findEdges('config.ts', 'const port = process.env.PORT')).toEqual([])
})

test('a fetch outside the listed files is found, one that was handed in is not', () => {
  expect(findEdges('activities/x.ts', "await fetch('http://x')")).toHaveLength(1)
  expect(findEdges('activities/x.ts', "import { request } from 'undici'")).toHaveLength(1)
  expect(findEdges('adapters/http/fetch.ts', "import { request } from 'undici'")).toEqual([])
  expect(findEdges('adapters/x.ts', 'export const source = (fetch: (url: string) => void) => fetch(url)')).toEqual([])
})
