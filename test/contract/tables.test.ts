/** The tables that pages are made of say what the schemas and the engine say. */
import { describe, expect, test } from 'vitest'
import { optionTable } from '../../contract/option-table.ts'
import { monitorOptions } from '../../contract/options.ts'
import { typeTable } from '../../contract/type-table.ts'
import { monitorTypes } from '../../contract/types.ts'
import { parseQuery } from '../../core/query/parse.ts'

test.each(monitorTypes)('the example of %s is a query of that type', (type) => {
  const parsed = parseQuery(type, typeTable[type].example)
  if (parsed.kind === 'invalid') expect(parsed.error.message).toBe('')
  const unsupported = typeTable[type].group === 'Kept for Datadog'
  if (!unsupported) expect(parsed.ok).toBe(true)
})

describe('an option', () => {
  test('has an entry, and each entry is an option', () => {
    expect(Object.keys(optionTable).sort()).toEqual(Object.keys(monitorOptions.shape).sort())
  })

  test.each(Object.entries(optionTable))('%s takes what it offers', (name, { kind }) => {
    const accepts = (value: unknown) => monitorOptions.safeParse({ [name]: value }).success
    switch (kind.is) {
      case 'number':
        return expect(accepts(1)).toBe(true)
      case 'flag':
        return expect(accepts(true)).toBe(true)
      case 'text':
        return expect(accepts(kind.example)).toBe(true)
      case 'json':
        return expect(accepts(JSON.parse(kind.example))).toBe(true)
      case 'choice':
        for (const choice of kind.choices) expect(accepts(choice), choice).toBe(true)
        return expect(accepts('none of these')).toBe(false)
      case 'list':
        return expect(accepts(kind.choices ?? ['host'])).toBe(true)
    }
  })
})
