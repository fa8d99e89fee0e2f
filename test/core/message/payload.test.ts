import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fillPayload, fillText, namesInPayload, payloadParts, wrongPayload } from '../../../core/message/payload.ts'
import { isBuiltInVariable, type PayloadSubject, payloadValues, payloadVariableNames } from '../../../core/message/payload-values.ts'
import { notificationSubject, toldTransition } from '../../support/notification-job.ts'

const about: PayloadSubject = {
  id: 'msg_1',
  subject: notificationSubject(),
  transition: toldTransition({ group: 'host:web-1,service:shop' }),
  title: '[Triggered on {host:web-1}] "CPU" is high',
  body: '**CPU** of `web-1` is\nhigh, see [the page](https://example.com/x)',
  priority: 2,
  episode: { key: 'e1' },
  link: 'https://example.com/monitors/1001',
}
const values = payloadValues(about, { TEAM: 'core', ODD: '"\\\n' })

const meanings: readonly (readonly [string, string])[] = [
  ['$ALERT_ID', '1001'],
  ['$ALERT_TITLE', about.title],
  ['$EVENT_TITLE', about.title],
  ['$EVENT_MSG', about.body],
  ['$TEXT_ONLY_MSG', 'CPU of web-1 is\nhigh, see the page (https://example.com/x)'],
  ['$ALERT_TRANSITION', 'Triggered'],
  ['$ALERT_TYPE', 'error'],
  ['$ALERT_STATUS', 'Alert: value 95, threshold 90'],
  ['$ALERT_SCOPE', 'host:web-1,service:shop'],
  ['$ALERT_METRIC', 'system.cpu.user'],
  ['$METRIC_NAMESPACE', 'system'],
  ['$ALERT_QUERY', 'avg(last_5m):avg:system.cpu.user{*} by {host} > 90'],
  ['$ALERT_PRIORITY', 'P2'],
  ['$ALERT_CYCLE_KEY', 'e1:1769860800000'],
  ['$AGGREG_KEY', 'e1'],
  ['$EVENT_TYPE', 'query_alert_monitor'],
  ['$DATE', '1769860800000'],
  ['$DATE_POSIX', '1769860800'],
  ['$LAST_UPDATED', '1769860800000'],
  ['$LAST_UPDATED_POSIX', '1769860800'],
  ['$HOSTNAME', 'web-1'],
  ['$ID', 'msg_1'],
  ['$LINK', 'https://example.com/monitors/1001'],
  ['$PRIORITY', 'normal'],
  ['$ORG_ID', '1'],
  ['$TAGS', 'monitor,host:web-1,service:shop,team:core'],
  ['$TAGS[service]', 'shop'],
  ['$TAGS[none]', ''],
  ['$SNAPSHOT', ''],
  ['$USER', ''],
  ['$INCIDENT_TITLE', ''],
  ['$TEAM', 'core'],
  ['$NOBODY', '$NOBODY'],
  ['$5 and $lower', '$5 and $lower'],
]

test.each(meanings)('%s is %j', (written, meaning) => {
  expect(fillText(written, values, (value) => value)).toBe(meaning)
})

const transitions = [
  [{ to: 'OK', reason: 'threshold-recovered' }, 'Recovered', 'success'],
  [{ to: 'Warn', reason: 'threshold-crossed' }, 'Warn', 'warning'],
  [{ to: 'No Data', reason: 'data-missing' }, 'No Data', 'warning'],
  [{ to: 'Alert', reason: 'renotify' }, 'Re-Triggered', 'error'],
  [{ to: 'No Data', reason: 'renotify' }, 'Re-No Data', 'warning'],
  [{ to: 'Alert', reason: 'caught-up' }, 'Triggered', 'error'],
] as const

test.each(transitions)('a transition %j is named %s, of the type %s', (change, name, type) => {
  const known = payloadValues({ ...about, transition: toldTransition(change) }, {})
  expect([known('ALERT_TRANSITION', null), known('ALERT_TYPE', null)]).toEqual([name, type])
})

describe('payloads', () => {
  test('values are escaped within texts, and are values elsewhere', () => {
    const filled = fillPayload(
      '{"a": "<$ODD>", "n": $ALERT_ID, "t": $ALERT_TITLE, "u": $NOBODY, "k": "$NOBODY", "$TEAM": ["$TAGS[host]"]}',
      values,
    )
    expect(JSON.parse(filled)).toEqual({
      a: '<"\\\n>',
      n: 1001,
      t: about.title,
      u: null,
      k: '$NOBODY',
      core: ['web-1'],
    })
  })

  test('what is escaped in a payload doesn’t end its text', () => {
    expect(JSON.parse(fillPayload('{"a": "\\"$TEAM\\\\", "b": "$TEAM"}', values))).toEqual({ a: '"core\\', b: 'core' })
  })

  test.each(['{"a": $ID$ID}', '{"a": -$ID}', '{$ID: 1}', '{"a": "\\$ID"}', '{"a": "\\u00$ID"}', '{', '', '$', '{"a": 1$ID}'])(
    '%j is refused',
    (text) => {
      expect(wrongPayload(text)).toMatch(/^expected JSON/)
    },
  )

  test('names are found once, in order', () => {
    expect(namesInPayload('$B $A "$B" $TAGS[a] \\$C')).toEqual(['B', 'A', 'TAGS', 'C'])
  })

  test('whatever is accepted is JSON with any values', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      '\\',
      '$ID',
      '$TAGS[a]',
      '$X',
      'a',
      '1',
      ' ',
      '-',
      'null',
      '\\"',
      '"a"',
      '{"a":',
      '[1,',
      '\\u00',
    )
    const template = fc.oneof(
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
      fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)?.replaceAll('a', '$X') ?? '1'),
    )
    let accepted = 0
    fc.assert(
      fc.property(template, fc.string({ unit: 'binary' }), (text, value) => {
        if (wrongPayload(text) !== null) return
        accepted += 1
        for (const known of [value, undefined, '"', '}', '1e999', 'true', '\\']) JSON.parse(fillPayload(text, () => known))
      }),
      { numRuns: 3_000 },
    )
    expect(accepted).toBeGreaterThan(300)
  })

  test('a payload of nothing but long values is bounded, and stays JSON', () => {
    const text = `["${'$EVENT_MSG'.repeat(3_000)}"${', $EVENT_MSG'.repeat(200)}]`
    expect(wrongPayload(text)).toBeNull()
    const filled = fillPayload(text, () => '\0'.repeat(40_000))
    expect(filled.length).toBeLessThan(1_100_000)
    expect(JSON.parse(filled)).toHaveLength(201)
  })

  test('the parts of a hostile text are found in linear time', () => {
    for (const text of ['$TAGS['.repeat(5_000), '$'.repeat(32_000), '\\'.repeat(32_000), '"'.repeat(32_000), `$${'A'.repeat(32_000)}`]) {
      const parts = payloadParts(text, 'json')
      expect(parts.map((part) => (part.kind === 'text' ? part.text : part.written)).join('')).toBe(text)
    }
  })
})

test('what is built in is known, whatever it means here', () => {
  for (const name of [...payloadVariableNames, 'INCIDENT_URL', 'SECURITY_RULE_NAME', 'SYNTHETICS_TEST_NAME'])
    expect(isBuiltInVariable(name)).toBe(true)
  expect(isBuiltInVariable('TEAM')).toBe(false)
  expect(isBuiltInVariable('toString')).toBe(false)
})
