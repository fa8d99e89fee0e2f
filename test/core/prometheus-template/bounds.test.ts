/** What templates can't do: run for ever, grow without end, throw, or reach anything; and what is wrong is said with its line. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type QueryAnswer, templateMistake, templateOf } from '../../../core/prometheus-template/expand.ts'
import { renderAlert } from '../../../core/prometheus-template/rule.ts'

const data = { labels: { instance: 'a:1' }, value: 5, externalLabels: {}, externalUrl: '', answers: new Map<string, QueryAnswer>() }
const expand = (template: string) => templateOf(template)(data)
const many = Array.from({ length: 1_000 }, (_, index) => ({ labels: { n: String(index) }, value: index }))

test.each([
  ['a template that calls itself', '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}', 'over 100 times deep'],
  ['loops within loops', '{{ range query "many" }}{{ range query "many" }}{{ end }}{{ end }}', 'more than 100000 steps'],
  [
    'a page of text',
    '{{ range query "many" }}0123456789012345678901234567890123456789012345678901234567890{{ end }}',
    'more than 40000 characters',
  ],
  ['a wide column', '{{ printf "%99999999d" 1 }}', 'over 1000'],
  ['an expression that doubles itself', '{{ match "((((a{9}){9}){9}){9}){9}" "b" }}', 'too large'],
])('%s stops', (_name, template, error) => {
  const answers = new Map<string, QueryAnswer>([['many', { samples: many }]])
  expect(templateOf(template)({ ...data, answers })).toMatchObject({ kind: 'wrong', error: expect.stringContaining(error) })
})

test('an expression that would backtrack without end is answered at once', () => {
  expect(expand(`{{ match "^(a|aa)+(a*)*$" "${'a'.repeat(2_000)}b" }}`)).toEqual({ kind: 'text', text: 'false' })
})

test.each([
  ['{{ $labels.instance', 'line 1: an action is not closed'],
  ['a\n{{ if $value }}', 'line 2: {{if}} is not closed'],
  ['{{ nothing }}', 'function "nothing" not defined'],
  ['{{ $x }}', 'undefined variable $x'],
  ['{{ end }}', 'unexpected {{end}}'],
  ['{{ "a" "b" }}', 'a literal is no function'],
  ['{{ 5 | }}', 'a value or a function is missing'],
  ['{{ break }}', '{{break}} outside of {{range}}'],
])('%s is no template', (template, mistake) => {
  expect(templateMistake(template)).toContain(mistake)
})

test.each([
  ['{{ .Nothing }}', "can't evaluate field Nothing"],
  ['{{ gt $value 1 }}', 'incompatible types'],
  ['{{ humanize "x" }}', 'invalid syntax'],
  ['{{ query "x" | first }}', 'first() called on vector with no elements'],
  ['{{ template "x" }}', 'template "x" not defined'],
  ['{{ match "(" "x" }}', 'missing closing )'],
])('%s is wrong when it is rendered', (template, error) => {
  const answers = new Map<string, QueryAnswer>([['x', { samples: [] }]])
  expect(templateOf(template)({ ...data, answers })).toMatchObject({ kind: 'wrong', error: expect.stringContaining(error) })
})

test('a query without an answer is asked for, and one that failed says so', () => {
  expect(expand('{{ query "up" | first | value }}')).toEqual({ kind: 'asks', query: 'up' })
  const answers = new Map<string, QueryAnswer>([['up', { failure: 'unreachable' }]])
  expect(templateOf('{{ query "up" }}')({ ...data, answers })).toMatchObject({
    kind: 'wrong',
    error: expect.stringContaining('unreachable'),
  })
})

describe('a rule', () => {
  const prometheus = {
    file: 'f',
    group: 'g',
    order: 0,
    labels: { a: '{{ $labels.instance }}', none: '' },
    annotations: { bad: '{{ .X }}', asks: '{{ query "up" }}' },
  }

  test('has its labels over those of the series, and says what is wrong in the text itself', () => {
    expect(renderAlert({ name: 'A', options: { prometheus } }, 'a:old,instance:i', 1)).toEqual({
      labels: { alertname: 'A', a: 'i', instance: 'i' },
      annotations: {
        bad: "<error expanding template: can't evaluate field X>",
        asks: '<error expanding template: the source was not asked: up>',
      },
      asks: ['up'],
    })
  })

  test('names like those of every object are no labels of it', () => {
    expect(expand('{{ $labels.constructor }}{{ $labels.toString }}{{ $labels.__proto__ }}')).toEqual({ kind: 'text', text: '' })
  })
})

test('whatever is written, it ends in a text or an error', () => {
  const part = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{{-',
      '-}}',
      ' ',
      '$x',
      '$labels',
      '.',
      '.a',
      '|',
      '(',
      ')',
      ':=',
      '=',
      ',',
      '"a"',
      '`b`',
      '5',
      '1.5',
      'if',
      'else',
      'end',
      'range',
    ],
    ...['with', 'define', 'template', 'printf', 'len', 'query', 'and', 'index', 'text', '/*', '*/', "'c'", '\\', '%d', '\n', '[', '^', '*'],
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      expect(['text', 'asks', 'wrong']).toContain(expand(parts.join('')).kind)
      expect(['text', 'asks', 'wrong']).toContain(expand(`{{ match ${JSON.stringify(parts.join(''))} "abc" }}`).kind)
    }),
    { numRuns: 2_000 },
  )
})
