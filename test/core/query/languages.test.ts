import { describe, expect, test } from 'vitest'
import { parseQuery } from '../../../core/query/parse.ts'

const nodesOf = (type: string, text: string): unknown => {
  const parsed = parseQuery(type, text)
  return parsed.ok ? parsed.query : parsed.error.message
}
const tag = (key: string, value: string | null) => ({ kind: 'tag', key, value })

describe('a service check means what it says', () => {
  const plain = { kind: 'check', check: 'app.up', filter: { kind: 'all' }, by: [], last: 4, measure: 'count' }
  test.each<[string, object]>([
    ['"app.up".over("*").last(4).count_by_status()', {}],
    ['"app.up".last(4).count_by_status()', {}],
    ["\n 'app.up' . over ( '*' ) . last ( 4 ) . count_by_status ( ) ", {}],
    ['"app.up".over("*").by("host","Env").last(4).count_by_status()', { by: ['host', 'env'] }],
    ['"app.up".by("host, env").last(4).count_by_status()', { by: ['host', 'env'] }],
    ['"app.up".by("*").last(4).count_by_status()', { by: '*' }],
    ['"app.up".by("environment:foo").last(4).count_by_status()', { by: ['environment:foo'] }],
    ['"app.up".over("Env:Prod").last(4).count_by_status()', { filter: tag('env', 'prod') }],
    [
      '"app.up".over("env:prod","canary").exclude("host:web-*").last(4).count_by_status()',
      { filter: { kind: 'and', of: [tag('env', 'prod'), tag('canary', null), { kind: 'not', of: tag('host', 'web-*') }] } },
    ],
    ['"app.up".over("!host:a").last(4).count_by_status()', { filter: { kind: 'not', of: tag('host', 'a') } }],
    ['"app.up".over("*").by("cluster").pct_by_status()', { by: ['cluster'], last: 1, measure: 'percent' }],
  ])('%s', (text, differences) => {
    expect(nodesOf('service check', text)).toEqual({ ...plain, ...differences })
  })
})

describe('a query about events means what it says', () => {
  const plain = {
    kind: 'event',
    source: 'logs',
    search: { kind: 'words', words: ['x'], anywhere: false },
    indexes: [],
    method: 'count',
    measure: null,
    by: [],
    windowMs: 300_000,
    windowText: '5m',
    issues: null,
    comparator: '>',
    threshold: 9,
  }
  test.each<[string, string, object]>([
    ['log alert', 'logs("x").index("*").rollup("count").last("5m") > 9', {}],
    ['log alert', 'logs("x").last("5m").rollup("count")>9', {}],
    ['log alert', 'logs("x").index("main","other").rollup("count").last("5m") > 9', { indexes: ['main', 'other'] }],
    ['log alert', 'logs("x").index("main, other").rollup("count").last("5m") > 9', { indexes: ['main', 'other'] }],
    ['log alert', 'logs("x").rollup("count").by("Host,@http.Method").last("5m") > 9', { by: ['host', '@http.Method'] }],
    ['log alert', 'logs("x").rollup("cardinality", "@usr.id").last("5m") > 9', { method: 'cardinality', measure: '@usr.id' }],
    ['log alert', 'logs("x").rollup("pc99.9", "@duration").last("5m") > 9', { method: { percentile: 99.9 }, measure: '@duration' }],
    ['log alert', 'logs("x").rollup("median", "@duration").last("5m") > 9', { method: { percentile: 50 }, measure: '@duration' }],
    [
      'log alert',
      'logs("").rollup("count").last("1d") >= 0.5',
      { search: { kind: 'all' }, windowMs: 86_400_000, windowText: '1d', comparator: '>=', threshold: 0.5 },
    ],
    ['audit alert', 'audits("x").rollup("count").last("5m") > 9', { source: 'audits' }],
    ['audit alert', 'audit("x").rollup("count").last("5m") > 9', { source: 'audits' }],
    ['rum alert', 'rum("x").rollup("count").last("5m") > 9', { source: 'rum' }],
    ['ci-pipelines alert', 'ci-pipelines("x").rollup("count").last("5m") > 9', { source: 'ci-pipelines' }],
    ['ci-tests alert', 'ci-tests("x").rollup("count").last("5m") > 9', { source: 'ci-tests' }],
    ['event-v2 alert', 'events("x").rollup("count").last("5m") > 9', { source: 'events' }],
    [
      'trace-analytics alert',
      'trace-analytics("x").index("trace-search").rollup("count").last("5m") > 9',
      { source: 'trace-analytics', indexes: ['trace-search'] },
    ],
    [
      'error-tracking alert',
      'error-tracking("x").source("browser").new().rollup("count").last("5m") > 9',
      { source: 'error-tracking', issues: { source: 'browser', only: 'new' } },
    ],
    ['error-tracking alert', 'error-tracking-rum("x").rollup("count").last("5m") > 9', { source: 'error-tracking-rum' }],
    ['llm-observability alert', 'llm-observability("x").rollup("count").last("5m") > 9', { source: 'llm-observability' }],
    ['database-monitoring alert', 'database-monitoring("x").rollup("count").last("5m") > 9', { source: 'database-monitoring' }],
    ['network-performance alert', 'network-performance("x").rollup("count").last("5m") > 9', { source: 'network-performance' }],
    ['network-path alert', 'network-path("x").rollup("count").last("5m") > 9', { source: 'network-path' }],
  ])('%s %s', (type, text, differences) => {
    expect(nodesOf(type, text)).toEqual({ ...plain, ...differences })
  })

  test('older event monitors write lists with commas', () => {
    const text = "events('status:error,warning priority:normal tags: \"a b\"').rollup('count').last('5m') > 9"
    const status = (value: string) => ({ kind: 'field', field: { kind: 'tag', name: 'status' }, test: { kind: 'is', value } })
    expect(nodesOf('event alert', text)).toMatchObject({
      source: 'events',
      search: {
        kind: 'and',
        of: [
          { kind: 'or', of: [status('error'), status('warning')] },
          { field: { name: 'priority' } },
          { field: { name: 'tags' }, test: { value: 'a b' } },
        ],
      },
    })
  })

  test('quotation marks in quotes have a backslash', () => {
    const search = { field: { kind: 'attribute', name: 'a' }, test: { kind: 'is', value: 'b "c"' } }
    expect(nodesOf('log alert', 'logs("@a:\\"b \\\\\\"c\\\\\\"\\"").rollup("count").last("5m") > 9')).toMatchObject({ search })
  })
})

const monitor = (id: number) => ({ kind: 'monitor', id })
const not = (of: object) => ({ kind: 'not', of })
const compared = { comparator: '>', threshold: 9 }
const http = { kind: 'http', url: 'http://web/', method: 'GET', headers: {}, payload: null }
const probe = (target: object, measure: object) => ({ kind: 'probe', target, assertions: [{ measure, ...compared }], ...compared })

describe('other queries mean what they say', () => {
  test.each<[string, string, object]>([
    ['composite', '123', { of: monitor(123) }],
    ['composite', ' 1&&!2||3 ', { of: { kind: 'or', of: [{ kind: 'and', of: [monitor(1), not(monitor(2))] }, monitor(3)] } }],
    ['composite', '1 && (2 || 3)', { of: { kind: 'and', of: [monitor(1), { kind: 'or', of: [monitor(2), monitor(3)] }] } }],
    ['composite', '!!1 && !!!2', { of: { kind: 'and', of: [not(not(monitor(1))), not(monitor(2))] } }],
    [
      'slo alert',
      'error_budget("a1").over("7d") > 9',
      { measure: 'error_budget', slo: 'a1', windowMs: 604_800_000, burn: null, ...compared },
    ],
    [
      'slo alert',
      'burn_rate("a1").over("30d").long_window("1h").short_window("5m") > 9',
      { measure: 'burn_rate', burn: { longMs: 3_600_000, longText: '1h', shortMs: 300_000, shortText: '5m' }, ...compared },
    ],
    [
      'process alert',
      'processes("java").over("env:prod").by("host").rollup("count").last("10m") < 1',
      {
        filter: tag('env', 'prod'),
        by: ['host'],
        windowMs: 600_000,
        search: { kind: 'words', words: ['java'], anywhere: false },
        comparator: '<',
      },
    ],
    ['http alert', 'http("http://web/").failed() > 9', probe(http, { kind: 'failed' })],
    ['http alert', ' http ( "http://web/" ) . failed ( )>9', probe(http, { kind: 'failed' })],
    ['http alert', 'http("http://web/").method("HEAD").latency() > 9', probe({ ...http, method: 'HEAD' }, { kind: 'latency' })],
    [
      'http alert',
      'http("https://[::1]:8443/a?b=%20").header("Accept", "a \\"b\\"").status() > 9',
      probe({ ...http, url: 'https://[::1]:8443/a?b=%20', headers: { accept: 'a "b"' } }, { kind: 'status' }),
    ],
    [
      'http alert',
      'http("http://web/").method("POST").payload("{}").body("ok|fine") > 9',
      probe({ ...http, method: 'POST', payload: '{}' }, { kind: 'body', pattern: 'ok|fine' }),
    ],
    ['http alert', 'tls("web:443").days_left() > 9', probe({ kind: 'tls', host: 'web', port: 443 }, { kind: 'days_left' })],
    ['http alert', 'tcp("[::1]:5432").latency() > 9', probe({ kind: 'tcp', host: '[::1]', port: 5432 }, { kind: 'latency' })],
    ['http alert', 'dns("web.example").failed() > 9', probe({ kind: 'dns', name: 'web.example', record: 'A' }, { kind: 'failed' })],
    [
      'http alert',
      'dns("web.example","AAAA").answers("::1") > 9',
      probe({ kind: 'dns', name: 'web.example', record: 'AAAA' }, { kind: 'answers', value: '::1' }),
    ],
    [
      'http alert',
      'http("http://web/").status() != 200||.latency() > 2',
      {
        assertions: [
          { measure: { kind: 'status' }, comparator: '!=', threshold: 200 },
          { measure: { kind: 'latency' }, comparator: '>', threshold: 2 },
        ],
        comparator: '>',
        threshold: 0,
      },
    ],
    [
      'heartbeat alert',
      'heartbeat("job-1").every("1h").grace("5m")',
      { key: 'job-1', everyMs: 3_600_000, graceMs: 300_000, comparator: '>', threshold: 0 },
    ],
    ['heartbeat alert', 'heartbeat("job-1").every("30s").missed() >= 3', { everyMs: 30_000, graceMs: 0, comparator: '>=', threshold: 3 }],
    ['promql alert', 'up == 0', { of: 'up', comparison: { comparator: '==', threshold: 0 } }],
    ['promql alert', 'a{b="> 1"} / c > bool -2 * (60 + 1e2)', { of: 'a{b="> 1"} / c', comparison: { comparator: '>', threshold: -320 } }],
    ['promql alert', 'a # b > 3\n > 5 # why', { of: 'a', comparison: { comparator: '>', threshold: 5 } }],
    ['promql alert', 'a > 1 < 5', { of: 'a > 1', comparison: { comparator: '<', threshold: 5 } }],
    ['promql alert', 'a > 1 and b > 5', { of: 'a > 1 and b > 5', comparison: null }],
    ['promql alert', 'a > on (x) b', { of: 'a > on (x) b', comparison: null }],
    ['promql alert', 'count(a > 5)', { of: 'count(a > 5)', comparison: null }],
    ['promql alert', 'a > b * 5', { of: 'a > b * 5', comparison: null }],
    ['sql alert', 'select 1 as value;>3', { statement: 'select 1 as value', comparison: { comparator: '>', threshold: 3 } }],
    ['sql alert', 'SELECT 1 AS value', { statement: 'SELECT 1 AS value', comparison: null }],
    ['sql alert', 'select 1 as value;', { statement: 'select 1 as value', comparison: null }],
    [
      'sql alert',
      "-- ; \nwith a as (select ';' as b, $$ ; $$, $x$ ; $$ $x$ /* ; */) select b as value from a where c > 3; < 2",
      { comparison: { comparator: '<', threshold: 2 } },
    ],
  ])('%s: %s', (type, text, nodes) => {
    expect(nodesOf(type, text)).toMatchObject(nodes)
  })
})

describe('an error says what was expected, and where', () => {
  test.each([
    ['service check', '"x".over("*").last(2)', 'syntax error: expected ".", but the query ends at line 1, column 22'],
    [
      'service check',
      '"x".last(2).sum()',
      'syntax error: expected "by", "count_by_status", "exclude", "last", "over" or "pct_by_status", but "s" stands at line 1, column 13',
    ],
    ['service check', '"x".count_by_status()', 'how many results are looked at is missing, as in .last(4) (line 1, column 2)'],
    ['service check', '"x".last(0).count_by_status()', '.last() takes 1 to 100 (line 1, column 10)'],
    ['service check', '"x".last(2).last(3).count_by_status()', '.last() stands twice (line 1, column 13)'],
    ['service check', '"x".by("a","A").last(3).count_by_status()', 'the group key a stands twice (line 1, column 13)'],
    ['service check', '"x".over(":a").last(3).count_by_status()', '":a" is no tag such as env:prod (line 1, column 11)'],
    ['log alert', 'metrics("x").rollup("count").last("5m") > 1', 'queries of the type log alert begin with logs("…") (line 1, column 1)'],
    [
      'data-quality alert',
      'logs("x").rollup("count").last("5m") > 1',
      'queries of the type data-quality alert are formulas: formula("…").last("…") > … (line 1, column 1)',
    ],
    ['log alert', 'logs("x").rollup("count") > 1', 'the window is missing, as in .last("5m") (line 1, column 1)'],
    ['log alert', 'logs("x").last("5m") > 1', 'how events become a value is missing, as in .rollup("count") (line 1, column 1)'],
    [
      'log alert',
      'logs("x").rollup("avg").last("5m") > 1',
      '.rollup("avg") needs what it is about, as in .rollup("avg", "@duration") (line 1, column 19)',
    ],
    [
      'log alert',
      'logs("x").rollup("pc0", "@d").last("5m") > 1',
      '.rollup() takes count, cardinality, avg, sum, min, max, median or a percentile such as pc95, not "pc0" (line 1, column 19)',
    ],
    ['log alert', 'logs("x").rollup("count").last("32d") > 1', '"32d" is out of bounds: "1m" to "31d" (line 1, column 32)'],
    [
      'log alert',
      'logs("x").rollup("count").last(5m) > 1',
      'syntax error: expected time in quotes such as "5m", "4h", "1d", "1w" or "1mo", but "5" stands at line 1, column 32',
    ],
    ['log alert', 'logs("x").new().rollup("count").last("5m") > 1', '.new() belongs to error tracking (line 1, column 11)'],
    ['log alert', 'logs("a (b").rollup("count").last("5m") > 1', 'but the search ends (line 1, column 11)'],
    ['log alert', 'logs("\\"\\" a (b)) c").rollup("count").last("5m") > 1', '")" stands (line 1, column 17)'],
    ['log alert', 'logs("x").rollup("count").last("5m") > 1e999', 'the threshold is too large a number (line 1, column 40)'],
    ['composite', '1 &&', 'syntax error: expected "!", "(" or monitor id, but the query ends at line 1, column 5'],
    ['composite', '1 & 2', 'syntax error: expected "&&", "||" or end of query, but "&" stands at line 1, column 3'],
    ['composite', '0 || 1', 'this is no id of a monitor (line 1, column 1)'],
    ['composite', '1||2||3||4||5||6||7||8||9||10||11', 'a composite has at most 10 monitors (line 1, column 32)'],
    ['slo alert', 'burn_rate("a").over("7d") > 1', 'syntax error: expected ".", but ">" stands at line 1, column 27'],
    [
      'slo alert',
      'burn_rate("a").over("7d").long_window("1h").short_window("1h") > 1',
      'the short window must be shorter than the long one (line 1, column 58)',
    ],
    ['slo alert', 'error_budget("a").over("1y") > 1', 'expected time in quotes such as'],
    ['process alert', 'processes("a").rollup("avg").last("5m") > 1', 'processes are counted: .rollup("count") (line 1, column 24)'],
    ['http alert', 'http("ftp://web/").failed() > 0', '"http"'],
    ['http alert', 'http("http://user:secret@web/").failed() > 0', 'expected port (1 to 65535), but "s" stands at line 1, column 19'],
    ['http alert', 'http("http://web:0/").failed() > 0', 'port (1 to 65535)'],
    [
      'http alert',
      'http("http://web/").down() > 0',
      'expected "body", "failed", "header", "latency", "method", "payload" or "status", but "d" stands at line 1, column 21',
    ],
    ['http alert', 'http("http://web/").payload("x").failed() > 0', '.payload() needs .method("POST") (line 1, column 21)'],
    ['http alert', 'http("http://web/").header("a b", "x").failed() > 0', 'this is no name of a header (line 1, column 29)'],
    ['http alert', 'http("http://web/").header("a", "x\ny").failed() > 0', 'a header is one line of plain characters (line 1, column 34)'],
    ['http alert', 'http("http://web/").body("(").failed() > 0', 'at line 1, column 30'],
    ['http alert', 'http("http://web/").body("(") > 0', 'this is no regular expression (line 1, column 27)'],
    ['http alert', 'tls("web").days_left() < 14', 'at line 1, column 9'],
    ['http alert', 'tcp("web:80").status() > 1', 'expected "failed" or "latency", but "s" stands at line 1, column 15'],
    ['heartbeat alert', 'heartbeat("a b").every("1h")', 'at line 1, column 13'],
    ['heartbeat alert', 'heartbeat("a").grace("1h")', 'expected "every", but "g" stands'],
    ['heartbeat alert', 'heartbeat("a").every("32d")', '"32d" is out of bounds: "1s" to "31d" (line 1, column 22)'],
    ['promql alert', 'sum(a > 5', 'but the query ends at line 1, column 10'],
    ['promql alert', '', 'but the query ends at line 1, column 1'],
    ['sql alert', 'delete from jobs', 'syntax error: expected "select", "with" or comment, but "d" stands at line 1, column 1'],
    ['sql alert', 'select 1; drop table jobs', 'but "d" stands at line 1, column 11'],
    ['sql alert', "select 'a", 'at line 1'],
    ['sql alert', 'selection', 'at line 1'],
  ])('%s: %s', (type, text, message) => {
    expect(nodesOf(type, text)).toContain(message)
  })
})
