import { expect, test } from 'vitest'
import { parseQuery } from '../../../core/query/parse.ts'
import { printQuery } from '../../../core/query/print.ts'

test.each([
  [
    'service check',
    " 'x' . last(2) . by('Host') . over('a:b') . count_by_status() ",
    '"x".over("a:b").by("host").last(2).count_by_status()',
  ],
  ['log alert', 'logs("a   b:C").last("5m").index("*").rollup("pc95","@d") > 1.0', 'logs("a AND b:c").rollup("pc95", "@d").last("5m") > 1'],
  ['composite', '1&&!(2||3)', '1 && !(2 || 3)'],
  ['promql alert', 'a>1*60', 'a > 60'],
  ['sql alert', 'select 1 -- one\n;>2', 'select 1 -- one\n; > 2'],
  ['heartbeat alert', 'heartbeat("a").every("1h")', 'heartbeat("a").every("1h").missed() > 0'],
])('%s: %s is printed as %s, and that as itself', (type, text, printed) => {
  const print = (source: string): string => {
    const parsed = parseQuery(type, source)
    return parsed.ok ? printQuery(parsed.query) : parsed.error.message
  }
  expect(print(text)).toBe(printed)
  expect(print(printed)).toBe(printed)
})
