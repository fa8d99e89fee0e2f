/**
 * Handlebars is the judge of our own reader of its language: what it reads, we read alike. Left out: a negated block with an else, where
 * Handlebars takes the two sides for each other when it looks for tags alone on their lines.
 */
import fc from 'fast-check'
import Handlebars from 'handlebars'
import { expect, test } from 'vitest'
import { evaluate } from '../../../core/message/template/evaluate.ts'
import { parseTemplate } from '../../../core/message/template/parse.ts'

const names = { is_alert: true, is_warning: false, value: 42, 'host.name': 'web-1', 'kube.pod.name': 'api-0' }
const nested = { is_alert: true, is_warning: false, value: '42', host: { name: 'web-1' }, 'kube.pod': { name: 'api-0' } }

function ours(text: string): string | null {
  const parsed = parseTemplate(text)
  if (!parsed.ok) return null
  return evaluate(parsed.nodes, { names, priority: null, localTime: () => null })
    .pieces.map((piece) => piece.text)
    .join('')
}

function theirs(text: string): string | null {
  try {
    return Handlebars.compile(text, { noEscape: true })(nested)
  } catch {
    return null
  }
}

const words = [
  '{{#is_alert}}',
  '{{/is_alert}}',
  '{{^is_alert}}',
  '{{#is_warning}}',
  '{{/is_warning}}',
  '{{else}}',
  '{{^}}',
  '{{else is_warning}}',
].concat(
  [
    '{{value}}',
    '{{host.name}}',
    '{{[kube.pod].name}}',
    '{{none}}',
    '{{! a }}',
    '{{!-- a }} --}}',
    '{{~#is_alert~}}',
    '{{~value~}}',
    '{{{value}}}',
    '{{&value}}',
  ],
  [' ', '  ', '\n', '\r\n', '\t', 'text', '\\{{value}}', '\\\\{{value}}', '}}', '{', '@log', 'a\n', '\nb'],
)

test('a template of its pieces in any order reads as with Handlebars', () => {
  let read = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 12 }), (parts) => {
      const text = parts.join('')
      const expected = theirs(text)
      if (expected === null || /\{\{\^is.*\{\{(else|\^\}\})/s.test(text)) return
      read += 1
      expect(ours(text), JSON.stringify(text)).toBe(expected)
    }),
    { numRuns: 5_000 },
  )
  expect(read).toBeGreaterThan(500)
})

/** Well-formed templates, nested. */
const template: fc.Arbitrary<string> = fc.letrec<{ body: string; node: string }>((tie) => ({
  body: fc.array(tie('node'), { maxLength: 5 }).map((parts) => parts.join('')),
  node: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('x', ' ', '\n', ' \n ', '\n\n', '{{value}}', '{{host.name}}', '{{! c }}', '\t'),
    fc
      .tuple(fc.constantFrom('is_alert', 'is_warning'), fc.constantFrom('#', '^'), tie('body'), tie('body'), fc.constantFrom('', ' ', '\n'))
      .map(([name, sign, first, second, gap]) => {
        const otherwise = sign === '^' ? '' : `{{else}}${gap}${second}`
        return `{{${sign}${name}}}${gap}${first}${otherwise}{{/${name}}}${gap}`
      }),
  ),
})).body

test('nested blocks and the lines that their tags take away are those of Handlebars', () => {
  fc.assert(
    fc.property(template, (text) => {
      expect(ours(text), JSON.stringify(text)).toBe(theirs(text))
    }),
    { numRuns: 1_000 },
  )
})
