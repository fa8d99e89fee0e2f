import fc from 'fast-check'
import type { Field, FieldTest, Search } from '../../core/query/search-nodes.ts'

/** Any text that a value may be: also one that reads like an operator, or that has to be in quotes. */
const value = fc.oneof(
  fc.stringMatching(/^[a-z0-9_./:@-]{1,8}$/),
  fc.constantFrom('', 'or', 'a b', '"', '\\', '[1', '>5', '(', '*', 'a\\*b', 'é', ','),
)
const pattern = fc.stringMatching(/^[a-z0-9_./: ()["<-]{0,3}(\*|\?)[a-z*?]{0,3}(\\\*|\\\\)?[a-z]{0,2}$/)
const bound = fc.record({ value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0), inclusive: fc.boolean() })

const fieldTest: fc.Arbitrary<FieldTest> = fc.oneof(
  fc.constant({ kind: 'exists' as const }),
  value.map((text) => ({ kind: 'is' as const, value: text })),
  pattern.filter((text) => text !== '*').map((text) => ({ kind: 'like' as const, pattern: text })),
  fc
    .tuple(fc.option(bound), fc.option(bound))
    .filter(([from, to]) => from !== null || to !== null)
    .map(([from, to]) => ({ kind: 'range' as const, from, to })),
)

const field: fc.Arbitrary<Field> = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,6}( |:|-|\*)?[a-z]?$/).map((name) => ({ kind: 'attribute' as const, name })),
  fc
    .oneof(fc.stringMatching(/^[a-z][a-z0-9_.-]{0,6}$/), fc.constantFrom('service', 'status', 'host', 'tags', '-x', 'a:b', '*'))
    .filter((name) => name !== 'message')
    .map((name) => ({ kind: 'tag' as const, name })),
)

const word = fc.stringMatching(/^[a-z0-9_é]{1,6}$/)
const wildWord = fc.stringMatching(/^[a-z]{1,3}[*?][a-z*?]{0,3}$/)

/** Any search that a text can say, but for terms that come to nothing. */
export const someSearch: fc.Arbitrary<Search> = fc.letrec<{ search: Search }>((tie) => ({
  search: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ kind: fc.constant('field' as const), field, test: fieldTest }),
    fc.record({
      kind: fc.constant('words' as const),
      words: fc.array(fc.oneof(word, wildWord), { minLength: 1, maxLength: 3 }),
      anywhere: fc.boolean(),
    }),
    fc.constant({ kind: 'all' as const }),
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('search'), { minLength: 2, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('search') }),
  ),
})).search
