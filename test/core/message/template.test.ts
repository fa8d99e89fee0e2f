import fc from 'fast-check'
import { expect, test } from 'vitest'
import { evaluate } from '../../../core/message/template/evaluate.ts'
import { parseTemplate } from '../../../core/message/template/parse.ts'

test.each<readonly [string, string, number, number]>([
  ['{{', '}} is missing to end what begins here', 1, 1],
  ['a\n  {{value', '}} is missing to end what begins here', 2, 3],
  ['{{value {{threshold}}', 'expected }}, but other braces open', 1, 9],
  ['{{}}', 'expected a name, but it ends', 1, 3],
  ['{{ }}', 'expected a name, but it ends', 1, 4],
  ['{{"value"}}', 'expected a name, but "\\"" stands there', 1, 3],
  ['{{host.}}', 'expected a name, but it ends', 1, 8],
  ['{{is_match "host.name}}', '" is missing to end what begins here', 1, 12],
  ["{{is_match 'a}}", "' is missing to end what begins here", 1, 12],
  ['{{[kube.pod}}', '] is missing to end what begins here', 1, 3],
  ['{{value=3}}', '"=" can’t stand here', 1, 8],
  ['{{eval sum="1"}}', '"sum" can’t be given by name', 1, 8],
  ['{{eval (round value)}}', 'expected a name, but "(" stands there', 1, 8],
  ['{{#is_alert}}\n{{#is_warning}}', 'the block is_warning is never closed: {{/is_warning}} is missing', 2, 1],
  ['{{/is_alert}}', '{{/is_alert}} closes a block that isn’t open', 1, 1],
  [
    '{{#is_alert}}{{#is_renotify}}{{/is_alert}}',
    'expected {{/is_renotify}} for the block of line 1, but {{/is_alert}} stands there',
    1,
    30,
  ],
  ['{{else}}', 'else stands outside of any block', 1, 1],
  ['{{#is_alert}}{{else}}{{else}}{{/is_alert}}', 'a second else in the block is_alert', 1, 22],
  ['{{! a comment', 'a comment begins that never ends: }} is missing', 1, 1],
  ['{{!-- a }} comment', 'a comment begins that never ends: --}} is missing', 1, 1],
  ['{{> partial}}', 'partials and decorators don’t exist here', 1, 1],
  ['{{{{raw}}}}{{{{/raw}}}}', 'four braces have no meaning', 1, 1],
])('%j is wrong: %s, in line %i, column %i', (text, message, line, column) => {
  expect(parseTemplate(text)).toEqual({ ok: false, error: { message, place: { line, column } } })
})

test.each([
  '{{is_match "a}}b" \'}}\'}}',
  '{{[}}].name}}',
  '{{eval "a \\"b\\""}}',
  '{{! }',
  'no braces } { at all',
  '{{@project.id}}',
  '{{a/b}}',
  '{{ #a }}',
])('quotes, brackets and lone braces: %j is read or says why', (text) => {
  const parsed = parseTemplate(text)
  if (!parsed.ok) expect(parsed.error.message).not.toBe('')
})

const unit = fc.constantFrom('{{', '}}', '{{{', '}}}', '#', '/', '^', '!', '--', '~', '&', '>', 'is_alert', 'is_match', 'eval', 'else', ' ')
const more = fc.constantFrom('"', "'", '[', ']', '@', '(', ')', '|', '=', '*', '\\', '\n', '.', 'x', '1', '\u0000', '\ud800', '__proto__')

test('any text is a template or says where it isn’t one, and what it gives is bounded', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(unit, more), maxLength: 60 }), (text) => {
      const parsed = parseTemplate(text)
      if (!parsed.ok) {
        expect(parsed.error.place.line).toBeGreaterThan(0)
        return
      }
      const { pieces } = evaluate(parsed.nodes, { names: { is_alert: true, x: 'y'.repeat(5_000) }, priority: 1, localTime: () => null })
      const written = pieces.filter((piece) => piece.written).reduce((sum, piece) => sum + piece.text.length, 0)
      expect(written).toBeLessThanOrEqual(text.length)
      for (const piece of pieces) expect(piece.text.length).toBeLessThanOrEqual(2_000)
    }),
    { numRuns: 5_000 },
  )
})

test.each([
  '{{',
  '{{#a}}',
  '{{#a}}x{{/a}}',
  '{{!',
  '{{!--',
  '--',
  '{{a "',
  '\\{{',
  '\\',
  ' ',
  '\n',
  ' \n',
  '{{a}} ',
  '{{^}}',
  '{{[',
  '{{~a~}} ',
])('a hundred thousand characters of %j take no time to speak of', (part) => {
  const started = performance.now()
  const parsed = parseTemplate(part.repeat(Math.floor(100_000 / part.length)))
  if (parsed.ok) evaluate(parsed.nodes, { names: {}, priority: null, localTime: () => null })
  expect(performance.now() - started).toBeLessThan(1_000)
})
