import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NotificationSubject } from '../../activities/notification-ports.ts'
import { handlebarsRenderer } from '../../adapters/message/handlebars.ts'
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

const renderer = handlebarsRenderer()
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
  ['{{constructor.name}}{{__proto__.x}}{{host.constructor.name}}{{value.toFixed}}', {}, ''],
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
  ['{{#is_alert}}never closed @webhook-ops', /Parse error on line 1/],
  ['\n{{eval "1 + 1"}} @webhook-ops', /"eval" with arguments is not supported in line 2/],
  ['{{#is_match "host.name" "web"}}x{{/is_match}} @webhook-ops', /"is_match" with arguments is not supported in line 1/],
  ['{{#each host}}x{{/each}} @webhook-ops', /"each" with arguments is not supported/],
  ['{{value max=3}} @webhook-ops', /"value" with arguments is not supported/],
  ['{{> partial}} @webhook-ops', /partials are not part of the message language/],
  ['{{#*inline "a"}}{{> a}}{{> a}}{{/inline}}{{> a}} @webhook-ops', /decorators are not part of the message language/],
  [`@webhook-ops ${'{{#is_alert}}'.repeat(60)}${'{{/is_alert}}'.repeat(60)}`, /blocks are nested deeper than 50 in line 1/],
  [`@webhook-ops ${'{{#is_alert}}'.repeat(3_500)}${'{{/is_alert}}'.repeat(3_500)}`, /more than 1000 names and blocks/],
  [`@webhook-ops {{a ${'(b '.repeat(1_000)}`, /more than 1000 characters stand between/],
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
