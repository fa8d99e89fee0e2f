import fc from 'fast-check'
import { expect, test } from 'vitest'
import { escapeGrowthMax, escapeValue, escapeWritten, type Markup } from '../../../core/message/markup.ts'

const values: readonly (readonly [Markup, string, string])[] = [
  ['none', '<b>&*_`\n@x', '<b>&*_`\n@x'],
  ['plain', 'a\r\nSubject: b\u2028c\u0000', 'a Subject: b c '],
  ['html', `<img src=x onerror="a('b')">&`, '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;'],
  ['slack', '<!channel> <https://x|y> & *b*', '&lt;!channel&gt; &lt;https://x|y&gt; &amp; *b*'],
  ['markdown', '[x](https://y) *b*\n# c <@1>', '\\[x\\]\\(https://y\\) \\*b\\* \\# c \\<\\@1\\>'],
]

test.each(values)('in %s the value %j is written %j', (markup, value, written) => {
  expect(escapeValue(value, markup)).toBe(written)
})

test.each([
  ['slack', '<!here> *now*', '<!here> *now*'],
  ['markdown', '**now**', '**now**'],
  ['html', '<b>now</b>', '&lt;b&gt;now&lt;/b&gt;'],
] as const)('in %s what the author writes as %j is written %j', (markup, text, written) => {
  expect(escapeWritten(text, markup)).toBe(written)
})

test('no markup makes more of a value than it says', () => {
  const markup = fc.constantFrom<Markup>('none', 'plain', 'html', 'slack', 'markdown')
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), markup, (text, which) => {
      expect(escapeValue(text, which).length).toBeLessThanOrEqual(text.length * escapeGrowthMax)
    }),
  )
})
