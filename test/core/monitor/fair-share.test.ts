import { expect, test } from 'vitest'
import { fairShareKey } from '../../../core/monitor/fair-share.ts'

test.each<[string, readonly string[], string | null]>([
  ['a team tag is the key', ['env:prod', 'team:web'], 'team:web'],
  ['without one there is no key', ['env:prod', 'teams:web'], null],
  ['a tag without a name is none', ['team:'], null],
  ['of several teams the first by name counts, in whatever order they stand', ['team:web', 'team:db'], 'team:db'],
  ['a long name is cut to what the server takes', [`team:${'x'.repeat(100)}`], `team:${'x'.repeat(59)}`],
  ['a character is kept whole or not at all', [`team:${'x'.repeat(57)}😀`], `team:${'x'.repeat(57)}`],
])('%s', (_name, tags, key) => {
  expect(fairShareKey(tags)).toBe(key)
  expect(new TextEncoder().encode(key ?? '').length).toBeLessThanOrEqual(64)
})
