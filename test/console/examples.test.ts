/** What the console offers for a first monitor is taken as it stands. */
import { expect, test } from 'vitest'
import { examplesOf } from '../../console/pages/monitors/examples.ts'
import { parseDefinition } from '../../contract/parse.ts'

test.each(examplesOf({ origin: 'http://127.0.0.1:8080', secret: '1-2' }))('$title', ({ definition }) => {
  expect(parseDefinition(definition)).toMatchObject({ ok: true })
})
