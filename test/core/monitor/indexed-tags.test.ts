import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexedTags } from '../../../core/monitor/indexed-tags.ts'

/** Of one search attribute, as Temporal's server counts. */
const serverMaxBytes = 2_048

test('whatever the tags, the indexed ones are the first of them, fit the server, and the rest is counted', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 150 }), (tags) => {
      const indexed = indexedTags(tags)
      expect(indexed.tags).toEqual(tags.slice(0, indexed.tags.length))
      expect(indexed.tags.length + indexed.left).toBe(tags.length)
      expect(Buffer.byteLength(JSON.stringify(indexed.tags))).toBeLessThanOrEqual(serverMaxBytes)
    }),
  )
})

test('usual tags are indexed, all of them', () => {
  const tags = ['team:web', 'env:prod', 'service:checkout', 'owner:müller']
  expect(indexedTags(tags)).toEqual({ tags, left: 0 })
})
