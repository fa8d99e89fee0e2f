import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSearch, printSearch } from '../../../core/query/search.ts'
import { matches, type SearchedEvent } from '../../../core/query/search-match.ts'
import { someSearch } from '../../support/some-search.ts'

const printed = (text: string): string => {
  const parsed = parseSearch(text)
  return parsed.ok ? printSearch(parsed.search) : parsed.error.message
}

describe('a search is read as', () => {
  test.each([
    ['', '*'],
    ['*', '*'],
    ['service:web', 'service:web'],
    ['Service:Web @Usr.Name:Bob', 'service:web AND @Usr.Name:Bob'],
    ['service:foo AND -status:ok @duration:>5 "a phrase"', 'service:foo AND NOT status:ok AND @duration:>5 AND "a phrase"'],
    ['a OR b c', 'a OR (b AND c)'],
    ['(a OR b) c', '(a OR b) AND c'],
    ['a and b', 'a AND and AND b'],
    ['NOT -a', 'a'],
    ['NOT (NOT a)', 'NOT (NOT a)'],
    ['!a', 'NOT a'],
    ['@http.status_code:[400 TO 499]', '@http.status_code:[400 TO 499]'],
    ['@a:{1 TO 2]', '@a:{1 TO 2]'],
    ['@a:[* TO 5}', '@a:<5'],
    ['@a:[-1.5 TO *]', '@a:>=-1.5'],
    ['@a:[* TO *]', '@a:*'],
    ['@duration:>=2s', '@duration:>=2000000000'],
    ['@a:<= 5', '@a:<=5'],
    ['@x:*', '@x:*'],
    ['@x:""', '@x:""'],
    ['@x:"a*"', '@x:"a*"'],
    ['@x:a*', '@x:a*'],
    ['@x:a\\*', '@x:"a*"'],
    ['@x:a\\ b', '@x:"a b"'],
    ['@x:(a OR b*)', '@x:a OR @x:b*'],
    ['@x:(-a 5)', 'NOT @x:a AND @x:5'],
    ['@x:(>5 AND <9)', '@x:>5 AND @x:<9'],
    ['url:http://x/y?z=1', 'url:http://x/y?z=1'],
    ['time:12:30', 'time:12:30'],
    ['wild*card', 'wild*card'],
    ['foo-bar', '"foo bar"'],
    ['foo-b?r', 'foo.b?r'],
    ['"Hello, World!"', '"hello world"'],
    ['message:"out of memory"', '"out of memory"'],
    ['*:disk', '*:disk'],
    ['*:"disk full"', '*:"disk full"'],
    ['"--"', '*'],
    ['tags: "a b"', 'tags:"a b"'],
  ])('%s → %s', (text, canonical) => {
    expect(printed(text)).toBe(canonical)
    expect(printed(canonical)).toBe(canonical)
  })
})

test.each([
  [
    'service:',
    'syntax error: expected "(", comparison (>, >=, <, <=), range such as [400 TO 499] or value, but the search ends at line 1, column 9',
  ],
  ['(a', 'but the search ends at line 1, column 3'],
  ['a OR', 'but the search ends at line 1, column 5'],
  ['a)', '")" stands at line 1, column 2'],
  ['"a', 'line 1, column'],
  ['@a:>x', 'expected number, but "x" stands at line 1, column 5'],
  ['@a:[1 TO 2', 'but the search ends at line 1, column 11'],
  ['('.repeat(51), 'more than 50 brackets within each other (line 1, column 51)'],
  ['a '.repeat(101), 'a search has at most 100 terms (line 1, column 1)'],
  ['x'.repeat(20_001), 'the search is longer than 20000 characters'],
])('%.40s is refused, and it says where', (text, message) => {
  expect(printed(text)).toContain(message)
})

test('a printed search is read as the same search', () => {
  fc.assert(
    fc.property(someSearch, (search) => {
      expect(parseSearch(printSearch(search))).toEqual({ ok: true, search })
    }),
    { numRuns: 2_000 },
  )
})

describe('an event is found by', () => {
  const event: SearchedEvent = {
    message: 'Connection to db-1 refused: timeout after 30s (user_id=42, café)',
    tags: ['env:prod', 'team:web', 'team:ops', 'canary', 'port:8080'],
    attributes: {
      http: { status_code: 503, method: 'GET', url: '/a/b c', headers: ['x', 'y'] },
      'dotted.key': 'Direct',
      duration: '1500',
      ok: false,
      nothing: null,
      big: 1e21,
      list: [1, { a: 2 }],
    },
    status: 'Error',
    service: 'checkout',
    host: null,
    at: 0,
  }
  test.each<[string, boolean]>([
    ['*', true],
    ['NOT *', false],
    // words
    ['refused', true],
    ['REFUSED', true],
    ['refuse', false],
    ['refuse*', true],
    ['refuse?', true],
    ['*fused', true],
    ['db-1', true],
    ['"db 1 refused timeout"', true],
    ['"refused db"', false],
    ['user_id', true],
    ['user', false],
    ['café', true],
    ['cafe', false],
    ['503', false],
    ['*:503', true],
    ['*:direct', true],
    ['*:canary', true],
    ['*:checkout', true],
    // the event's own fields, and tags
    ['status:error', true],
    ['status:ERR*', true],
    ['service:checkout', true],
    ['service:check', false],
    ['host:*', false],
    ['host:web', false],
    ['env:prod', true],
    ['ENV:PROD', true],
    ['env:(staging OR prod)', true],
    ['team:web team:ops', true],
    ['team:*', true],
    ['region:*', false],
    ['-region:eu', true],
    ['canary:*', true],
    ['port:>8000', true],
    ['port:[8081 TO *]', false],
    ['tags:"env:prod"', true],
    // attributes
    ['@http.status_code:503', true],
    ['@http.status_code:[500 TO 599]', true],
    ['@http.status_code:{503 TO 599]', false],
    ['@http.status_code:5*', true],
    ['@http.method:GET', true],
    ['@http.method:get', false],
    ['@http.url:"/a/b c"', true],
    ['@http.url:\\/a\\/b\\ *', true],
    ['@http.headers:y', true],
    ['@http.headers:z', false],
    ['@http:*', true],
    ['@http:x', false],
    ['@dotted.key:Direct', true],
    ['@duration:>1000', true],
    ['@duration:>1s', false],
    ['@ok:false', true],
    ['@nothing:*', false],
    ['@list:1', true],
    ['@list.a:2', false],
    ['@constructor:*', false],
    ['@http.__proto__:*', false],
    ['@http.method:>5', false],
    ['service:checkout AND (status:ok OR @http.status_code:>=500) -@http.method:POST', true],
  ])('%s: %s', (text, found) => {
    const parsed = parseSearch(text)
    expect(parsed.ok && matches(parsed.search, event)).toBe(found)
  })
})

test('patterns cost no more than their lengths', () => {
  const parsed = parseSearch(`@a:${'*a'.repeat(500)}b`)
  const event = { message: '', tags: [], attributes: { a: 'a'.repeat(2_000) }, status: null, service: null, host: null, at: 0 }
  const startedAt = performance.now()
  expect(parsed.ok && matches(parsed.search, event)).toBe(false)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
