import { expect, test } from 'vitest'
import { type EntryDetails, entryNames, mayAskForDetails, memberNames } from '../../../core/message/details.ts'

const entry: EntryDetails = {
  at: 1_769_860_800_000,
  message: 'payment refused',
  status: 'error',
  service: 'shop',
  host: 'web-1',
  tags: ['env:prod', 'bare'],
  attributes: { user: { id: 'u1', age: 7, vip: false }, codes: [1, 'x', { deep: 1 }], nothing: null },
}

test.each<[string, boolean]>([
  ['{{log.message}}', true],
  ['{{event.title}}', true],
  ['{{check_message}}', true],
  ['{{#is_match "log.attributes.user" "ann"}}x{{/is_match}}', true],
  ['{{a.value}} of {{b.status}}', true],
  ['{{value}} {{host.name}} @ops', false],
  ['the catalog.', false],
])('whether %j may name what triggered: %s', (text, expected) => {
  expect(mayAskForDetails(text)).toBe(expected)
})

test('a log entry is its fields, its tags and its attributes by their paths', () => {
  expect(entryNames('log', entry)).toEqual({
    'log.message': 'payment refused',
    'log.status': 'error',
    'log.service': 'shop',
    'log.host': 'web-1',
    'log.host.name': 'web-1',
    'log.timestamp': '2026-01-31T12:00:00.000Z',
    'log.tags.env': 'prod',
    'log.attributes.user.id': 'u1',
    'log.attributes.user.age': 7,
    'log.attributes.user.vip': false,
    'log.attributes.codes': '1, x',
  })
})

test.each<[string, string, unknown, string, string]>([
  ['a title of its own', 'Deploy\nv2 is out', { title: 'Deploy' }, 'Deploy', 'v2 is out'],
  ['a title alone', 'Deploy', { title: 'Deploy' }, 'Deploy', 'Deploy'],
  ['no title', 'first line\nsecond', {}, 'first line', 'second'],
])('an event with %s', (_what, message, attributes, title, text) => {
  expect(entryNames('event', { ...entry, message, attributes })).toMatchObject({ 'event.title': title, 'event.text': text })
})

test('whatever an entry holds, its names and their values are bounded', () => {
  const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, 'x'.repeat(10_000)]))
  let deep: unknown = 'bottom'
  for (let level = 0; level < 10_000; level += 1) deep = { deep }
  const names = entryNames('log', { ...entry, message: 'm'.repeat(1_000_000), attributes: { deep, wide } })
  expect(Object.keys(names)).toHaveLength(500)
  expect(Math.max(...Object.values(names).map((value) => String(value).length))).toBe(4_000)
  expect(JSON.stringify(names)).not.toContain('bottom')
})

test('an attribute named like a part of every object is a name as any other', () => {
  const names = entryNames('log', { ...entry, attributes: JSON.parse('{"__proto__": {"polluted": "yes"}, "constructor": "c"}') })
  expect(names['log.attributes.__proto__.polluted']).toBe('yes')
  expect(names['log.attributes.constructor']).toBe('c')
  expect(Object.hasOwn({}, 'polluted')).toBe(false)
})

test('members are letters in the order of the query', () => {
  expect(
    memberNames([
      { status: 'Alert', value: 95 },
      { status: 'OK', value: null },
    ]),
  ).toEqual({ 'a.status': 'Alert', 'a.value': 95, 'b.status': 'OK', 'b.value': null })
})
