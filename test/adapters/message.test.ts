import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NotificationSubject } from '../../activities/notification-ports.ts'
import { messageRenderer } from '../../adapters/message/renderer.ts'
import type { Transition } from '../../core/monitor/types.ts'
import { toldTransition } from '../support/notification-job.ts'

const transition = toldTransition({ group: 'host:web-1,kube.pod:api-0' })

function subject(message: string, name = 'CPU of {{host.name}}'): NotificationSubject {
  return {
    monitorId: 1001,
    version: 1,
    name,
    type: 'query alert',
    query: 'avg(last_5m):avg:system.cpu.user{*} by {host,kube.pod} > 90',
    message,
    tags: [],
    priority: null,
    options: { thresholds: { critical: 90 } },
  }
}

const renderer = messageRenderer()
const render = (message: string, change: Partial<Transition> = {}) => renderer.render(subject(message), { ...transition, ...change })

const bodies: readonly (readonly [string, Partial<Transition>, string])[] = [
  ['{{value}} {{comparator}} {{threshold}}', {}, '95 > 90'],
  ['{{#is_alert}}fire{{/is_alert}}{{#is_recovery}}over{{/is_recovery}}', {}, 'fire'],
  ['{{#is_alert}}fire{{/is_alert}}{{#is_recovery}}over{{/is_recovery}}', { from: 'Alert', to: 'OK' }, 'over'],
  ['{{^is_alert}}calm{{/is_alert}}', {}, ''],
  ['{{^is_alert}}calm{{/is_alert}}', { from: 'Alert', to: 'OK' }, 'calm'],
  ['{{#is_warning}}a{{else}}b{{/is_warning}}', {}, 'b'],
  ['{{#is_alert}}{{#is_recovery}}x{{else}}{{host.name}}{{/is_recovery}}{{/is_alert}}', {}, 'web-1'],
  ['{{[kube.pod].name}}', {}, 'api-0'],
  ['<b> & "{{host.name}}"', { group: 'host:<a&b>' }, '<b> & "<a&b>"'],
  ['{{unknown}}{{unknown.name}}.', {}, '.'],
  ['{{constructor.name}}{{__proto__.x}}{{kube.constructor.name}}{{value.toFixed}}{{hasOwnProperty}}', {}, ''],
  ['{{#__proto__}}x{{/__proto__}}{{#toString}}y{{/toString}}', {}, ''],
  ['{{#is_match "host.name" "db" "web"}}web{{/is_match}}{{^is_match "host.name" "db"}} no db{{/is_match}}', {}, 'web no db'],
  ['{{#is_exact_match "host.name" "web"}}a{{else}}b{{/is_exact_match}}', {}, 'b'],
  ['{{#is_exact_match "none.name" ""}}no such tag{{/is_exact_match}}', {}, 'no such tag'],
  ['{{#is_exact_match "value" 95}}ninety-five{{/is_exact_match}}', {}, 'ninety-five'],
  ["{{#is_priority 'P1' 'P2'}}urgent{{else}}calm{{/is_priority}}", {}, 'calm'],
  ['{{#is_warning}}a{{else is_alert}}b{{else}}c{{/is_warning}}', {}, 'b'],
  ['{{eval "round(value / 7, 2)"}} {{eval "last_triggered_at_epoch - 15*60*1000"}}', {}, '13.57 1769859900000'],
  ['{{eval "strip(host.name, \'web-\')"}} {{eval "0.1 + 0.2"}}', {}, '1 0.3'],
  ["{{local_time 'last_triggered_at' 'Asia/Tokyo'}}", {}, '2026-01-31 21:00:00+09:00'],
  ["{{local_time 'first_triggered_at_epoch' 'UTC'}}", {}, '2026-01-31 12:00:00+00:00'],
  ["?q={{urlencode 'host.name'}}", { group: 'host:a b&c' }, '?q=a%20b%26c'],
  ["{{override_priority 'P1'}}.", {}, '.'],
  ['{{host}} {{[kube.pod]}} {{kube.pod.name}}', {}, 'web-1 api-0 api-0'],
  ['{{@user.name}} {{[@user].name}}', { group: '@user:ann' }, 'ann ann'],
  ['a {{~value~}} b \\\\{{value}}', {}, 'a95b \\95'],
  ['\\{{value}} {{value}}', {}, '{{value}} 95'],
  ['a\n{{#is_alert}}\nb\n{{/is_alert}}\nc', {}, 'a\nb\nc'],
]

test.each(bodies)('%j with %j renders %j', (message, change, body) => {
  expect(render(message, change)).toMatchObject({ body, notes: [] })
})

test('the title has the rendered name, the status and the tags', () => {
  expect(render('').title).toBe('[Triggered on {host:web-1,kube.pod:api-0}] CPU of web-1')
})

test('a handle counts only where its block renders, and may be built from a tag', () => {
  const message = '{{#is_alert}}@webhook-{{host.name}}{{/is_alert}}{{#is_recovery}}@webhook-calm{{/is_recovery}} @log'
  expect(render(message).handles).toEqual(['webhook-web-1', 'log'])
  expect(render(message, { from: 'Alert', to: 'OK' }).handles).toEqual(['webhook-calm', 'log'])
})

test.each([
  ['{{#is_alert}}never closed @webhook-ops', /the block is_alert is never closed.*line 1, column 1/],
  ['a\n {{/is_alert}} @webhook-ops', /closes a block that isn’t open.*line 2, column 2/],
  ['{{value max=3}} @webhook-ops', /"max" can’t be given by name/],
  ['{{> partial}} @webhook-ops', /partials and decorators don’t exist here/],
  ['{{#*inline "a"}}{{> a}}{{> a}}{{/inline}}{{> a}} @webhook-ops', /partials and decorators don’t exist here/],
  [`@webhook-ops ${'{{#is_alert}}'.repeat(60)}${'{{/is_alert}}'.repeat(60)}`, /blocks are nested deeper than 50/],
  [`@webhook-ops ${'{{#is_alert}}'.repeat(3_500)}${'{{/is_alert}}'.repeat(3_500)}`, /more than 1000 names and blocks/],
  [`@webhook-ops {{a ${'b '.repeat(1_000)}}}`, /more than 1000 characters stand between/],
])('what cannot be rendered goes out as written, with a note and its handles: %#', (message, note) => {
  const rendered = render(message)
  expect(rendered.body.slice(0, 30_000) === message.slice(0, 30_000)).toBe(true)
  expect(rendered.notes[0]).toMatch(/^The message could not be rendered and stands as it was written: /)
  expect(rendered.notes[0]).toMatch(note)
  expect(rendered.handles).toEqual(['webhook-ops'])
})

test.each([
  '{{#a}}'.repeat(1_000),
  `${'{{#a}}'.repeat(500)}${'{{/a}}'.repeat(500)}`,
  '{{a}}'.repeat(1_000),
  `{{a ${'(b '.repeat(300)}}}`.repeat(90),
])('a text within the bounds takes no time to speak of: %#', (message) => {
  const started = performance.now()
  render(message)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test('a comment may be long', () => {
  expect(render(`a{{!-- ${'long '.repeat(1_000)} --}}b`)).toMatchObject({ body: 'ab', notes: [] })
})

test('a text longer than any message may be is not even parsed', () => {
  expect(render('x'.repeat(100_001)).notes[0]).toMatch(/it is longer than 100000 characters/)
})

test('what is known only to what triggered stays empty, with one note', () => {
  expect(render('{{log.attributes.user}}{{log.attributes.user}} {{a.value}} {{eval "a.value * 2"}}.')).toMatchObject({
    body: '  .',
    notes: ['Not known here, and left empty: log.attributes.user, a.value.'],
  })
})

test.each([
  ['{{eval "value / 0"}}', 'eval in line 1 could not be rendered and stands as it was written: its result is no number.'],
  ['\n{{eval "host.name * 2"}}', 'eval in line 2 could not be rendered and stands as it was written: "web-1" is no number.'],
  ['{{eval "1 +"}}', 'expected a number or a name, but the sum ends'],
  ['{{local_time "last_triggered_at" "Mars/Base"}}', 'there is no time zone "Mars/Base"'],
  ['{{local_time "host.name" "UTC"}}', 'host.name is no time'],
  ['{{shout "host.name"}}', 'shout in line 1 could not be rendered'],
  ["{{override_priority 'P9'}}", 'expected a priority from P1 to P5'],
])('the call %j stands as it is written, with a note, and nothing else suffers', (call, note) => {
  const rendered = render(`${call} @webhook-ops {{value}}`)
  expect(rendered.body).toBe(`${call} @webhook-ops 95`)
  expect(rendered.notes).toEqual([expect.stringContaining(note)])
  expect(rendered.handles).toEqual(['webhook-ops'])
})

test('an unknown block with arguments counts as false, with a note', () => {
  expect(render('{{#is_odd "value"}}x{{else}}y{{/is_odd}}')).toMatchObject({
    body: 'y',
    notes: ['The block is_odd in line 1 is unknown and counts as false.'],
  })
})

test('a value goes on with a handle that the author began, and begins none', () => {
  const message = '@webhook-{{host.name}} of {{host.name}} and {{kube.pod.name}}'
  expect(render(message, { group: 'host:ops,kube.pod:@pagerduty @x' }).handles).toEqual(['webhook-ops'])
  expect(render('{{host.name}}', { group: 'host:a @pagerduty' }).handles).toEqual([])
})

test('a value of a megabyte is cut, and what follows is said and told all the same', () => {
  const rendered = render('{{host.name}} is full @webhook-ops', { group: `host:${'x'.repeat(1_000_000)}` })
  expect(rendered.body).toHaveLength(2_000 + ' is full @webhook-ops'.length)
  expect(rendered).toMatchObject({ handles: ['webhook-ops'], notes: ['A value was cut at 2000 characters.'] })
  expect(rendered.title.length).toBeLessThanOrEqual(1_000)
})

test.each(['{{each}}', '{{#each}}x{{/each}}', '{{log}}', '{{#if}}x{{/if}}', '{{lookup}}', '{{this}}'])(
  '%s is a name like any other',
  (message) => {
    expect(render(message).notes).toEqual([])
  },
)

test.each(['{{a}}', '{{#is_alert}}x{{/is_alert}}', '{{host.name}} ', '{{!', 'x{{', '{{#a}}', '{{else}}', '{{a (b ', '\n'])(
  'the longest text of %j is dealt with at once',
  (unit) => {
    const started = performance.now()
    render(unit.repeat(Math.floor(100_000 / unit.length)))
    expect(performance.now() - started).toBeLessThan(1_000)
  },
)

test('a name that cannot be rendered stands in the title as written, with a note of its own', () => {
  const rendered = renderer.render(subject('fine', 'CPU {{#is_alert}}'), transition)
  expect(rendered.title).toBe('[Triggered on {host:web-1,kube.pod:api-0}] CPU {{#is_alert}}')
  expect(rendered.notes).toEqual([expect.stringMatching(/^The name could not be rendered/)])
})

test('a long message is cut, and too many handles are bounded, each with a note', () => {
  const handles = Array.from({ length: 60 }, (_, index) => `@webhook-${index}`).join(' ')
  const rendered = render(`${handles} ${'x'.repeat(50_000)}`)
  expect(rendered.body).toHaveLength(40_000)
  expect(rendered.handles).toHaveLength(50)
  expect(rendered.notes).toEqual(['The message was cut at 40000 characters.', 'Only the first 50 of 60 handles were notified.'])
})

test('rendering is total over any text', () => {
  const unit = fc.constantFrom(
    '{{',
    '}}',
    '#',
    '/',
    '^',
    'is_alert',
    'host.name',
    'else',
    ' ',
    '"',
    '@',
    '(',
    ')',
    '|',
    '=',
    '*',
    '>',
    '\\',
    '\n',
    'x',
  )
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
      expect(typeof renderer.render(subject(text, text), transition).body).toBe('string')
    }),
    { numRuns: 500 },
  )
})
