import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inScope } from '../../../core/monitor/scope.ts'
import type { Scope } from '../../../core/monitor/types.ts'
import { parseScope, printScope, scopeTextMax } from '../../../core/query/scope.ts'

const printed = (text: string): string => {
  const result = parseScope(text)
  return result.ok ? printScope(result.scope) : result.error.message
}

describe('a scope is read as', () => {
  test.each([
    ['*', '*'],
    ['  host:web-1 ', 'host:web-1'],
    ['canary', 'canary:*'],
    ['host:*', 'host:*'],
    ['Env:Prod', 'env:prod'],
    ['image:app:1.2/x', 'image:app:1.2/x'],
    ['a:1,b:2', 'a:1 AND b:2'],
    ['a:1 and b:2 or c:3', '(a:1 AND b:2) OR c:3'],
    ['a:1 AND (b:2 OR c:3)', 'a:1 AND (b:2 OR c:3)'],
    ['env:(staging OR prod) AND NOT host:web-*', '(env:staging OR env:prod) AND NOT host:web-*'],
    ['env:(NOT dev, !test)', 'NOT env:dev AND NOT env:test'],
    ['!canary', 'NOT canary:*'],
    ['-env:prod', 'NOT env:prod'],
    ['env:prod,-host:a', 'env:prod AND NOT host:a'],
    ['NOT !a:1', 'a:1'],
    ['NOT (a:1 OR b:2)', 'NOT (a:1 OR b:2)'],
    ['NOT (NOT a:1)', 'NOT (NOT a:1)'],
    ['team IN (web, "on call", db-*)', 'team:web OR team:"on call" OR team:db-*'],
    ['team not in (web)', 'NOT team:web'],
    ['"my key":"a \\"b\\" \\\\"', '"my key":"a \\"b\\" \\\\"'],
    ["host:'web 1'", 'host:"web 1"'],
  ])('%s → %s', (text, canonical) => {
    expect(printed(text)).toBe(canonical)
    expect(printed(canonical)).toBe(canonical)
  })
})

test.each([
  ['', 'expected "(", "*", "NOT" or tag such as env:prod, but the scope ends at line 1, column 1'],
  ['env:', 'expected "(" or tag value, but the scope ends at line 1, column 5'],
  ['env:prod host:a', 'expected ",", "AND", "OR" or end of scope, but "h" stands at line 1, column 10'],
  ['env:(a OR)', '"("'],
  ['a:1 AND', 'the scope ends at line 1, column 8'],
  ['a:1)', '")" stands at line 1, column 4'],
  ['(a:1', 'the scope ends at line 1, column 5'],
  ['*:prod', 'at line 1, column'],
  ['team IN ()', 'expected tag value, but ")" stands at line 1, column 10'],
  ['host:"web', 'at line 1'],
  ['a:{b}', '"{" stands at line 1, column 3'],
  ['('.repeat(21), 'more than 20 brackets within each other (line 1, column 21)'],
  ['x'.repeat(scopeTextMax + 1), `the scope is longer than ${scopeTextMax} characters`],
])('%.40s is refused, and it says where', (text, message) => {
  expect(printed(text)).toContain(message)
})

const key = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_.-]{0,6}$/), fc.constantFrom('and', 'in', 'my key', '-x', '!', 'é:(', ''))
const value = fc.oneof(fc.stringMatching(/^[a-z0-9_.:/*-]{2,8}$/), fc.constantFrom('', 'or', 'a "b"', '\\', "'", 'ü ü', '{}', null))
const tag: fc.Arbitrary<Scope> = fc.record({ kind: fc.constant('tag' as const), key, value })
const { scope } = fc.letrec<{ scope: Scope }>((tie) => ({
  scope: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tag,
    fc.constant({ kind: 'all' as const }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('scope'), { minLength: 2, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('scope') }),
  ),
}))

test('a printed scope is read as the same scope', () => {
  fc.assert(
    fc.property(scope, (tree) => {
      const text = printScope(tree)
      fc.pre(text.length <= scopeTextMax)
      expect(parseScope(text)).toEqual({ ok: true, scope: tree })
    }),
    { numRuns: 2_000 },
  )
})

test('no text makes the parser throw or slow', () => {
  const odd = fc.stringMatching(/^[()!,*:"' \\\-anotrid]{0,200}$/)
  fc.assert(
    fc.property(fc.oneof(fc.string(), odd), (text) => typeof parseScope(text).ok === 'boolean'),
    { numRuns: 2_000 },
  )
  const startedAt = performance.now()
  for (const text of ['('.repeat(20), '!'.repeat(2_000), 'a:('.repeat(20), 'not '.repeat(500), 'a IN (b,'.repeat(200)]) parseScope(text)
  expect(performance.now() - startedAt).toBeLessThan(500)
})

describe('a group is in a scope', () => {
  const tags = { host: 'web-12', env: 'Prod', instanceId: 'i-1', 'my key': 'a b' }
  test.each<[string, boolean]>([
    ['*', true],
    ['NOT *', false],
    ['host:web-12', true],
    ['host:web-1', false],
    ['host:web-*', true],
    ['host:*12', true],
    ['host:w*b-*2', true],
    ['host:w*x*2', false],
    ['host:web-12*', true],
    ['host:*', true],
    ['env:prod', true],
    ['ENV:PROD', true],
    ['instanceid:i-1', true],
    ['team', false],
    ['!team', true],
    ['team:*', false],
    ['env:(staging OR prod) AND NOT host:db-*', true],
    ['env:(staging OR prod) AND NOT host:web-*', false],
    ['env IN (dev, prod)', true],
    ['env NOT IN (dev, prod)', false],
    ['"my key":"a b"', true],
    ['constructor', false],
    ['__proto__:x', false],
  ])('%s: %s', (text, isIn) => {
    const result = parseScope(text)
    expect(result.ok && inScope(result.scope, tags)).toBe(isIn)
  })

  test('a group without tags is in what asks for none', () => {
    expect(inScope({ kind: 'all' }, {})).toBe(true)
    expect(inScope({ kind: 'tag', key: 'host', value: null }, {})).toBe(false)
    expect(inScope({ kind: 'and', of: [] }, {})).toBe(true)
    expect(inScope({ kind: 'or', of: [] }, {})).toBe(false)
  })

  test('wildcards do what a regular expression would', () => {
    const text = fc.stringMatching(/^[ab]{0,8}$/)
    const pattern = fc.stringMatching(/^[ab*]{1,6}$/)
    fc.assert(
      fc.property(text, pattern, (subject, glob) => {
        const expression = new RegExp(`^${glob.replaceAll('*', '.*')}$`)
        expect(inScope({ kind: 'tag', key: 'k', value: glob }, { k: subject })).toBe(expression.test(subject))
      }),
      { numRuns: 2_000 },
    )
  })

  test('stars upon stars cost no more than their lengths', () => {
    const startedAt = performance.now()
    expect(inScope({ kind: 'tag', key: 'k', value: `${'*a'.repeat(500)}b` }, { k: 'a'.repeat(2_000) })).toBe(false)
    expect(performance.now() - startedAt).toBeLessThan(500)
  })
})
