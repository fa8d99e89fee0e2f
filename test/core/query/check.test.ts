import { expect, test } from 'vitest'
import { checkQuery, urlCharsMax } from '../../../core/query/check.ts'
import type { HttpQuery } from '../../../core/query/nodes.ts'

const http: HttpQuery = { kind: 'http', url: 'http://web/', method: 'GET', measure: 'failed', comparator: '>', threshold: 0 }

test('a sound query has no issues', () => {
  expect(checkQuery(http)).toEqual([])
})

test('a URL is bounded', () => {
  expect(checkQuery({ ...http, url: `http://web/${'x'.repeat(urlCharsMax)}` }, { url: 6 })).toEqual([
    { message: 'a URL has at most 2048 characters', offset: 6 },
  ])
})
