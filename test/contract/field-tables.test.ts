/** What people fill in for receivers and sources is what their schemas take. */
import { describe, expect, test } from 'vitest'
import type { FieldKind, FieldTable } from '../../contract/field-table.ts'
import { policyTable, receiverTable } from '../../contract/receivers/field-table.ts'
import { receiverKinds } from '../../contract/receivers/index.ts'
import { policyBody } from '../../contract/receivers/policy.ts'
import { sourceBody, sourceKinds } from '../../contract/source.ts'
import { sourceTable } from '../../contract/source-table.ts'

const namesOf = (table: FieldTable): string[] => [...new Set(Object.keys(table).map((path) => path.split('.')[0] ?? ''))].sort()
const isSecret = ({ is }: FieldKind): boolean => is.startsWith('secret')
const secretsOf = (table: FieldTable): string[] =>
  Object.entries(table)
    .filter(([, { kind }]) => isSecret(kind))
    .map(([name]) => name)
    .sort()

test('each kind of receiver has an entry, and each entry is a kind', () => {
  expect(Object.keys(receiverTable)).toEqual(receiverKinds.map(({ kind }) => kind))
})

test.each(receiverKinds)('a receiver of the kind $kind is filled in whole, and its secrets stay secret', ({ kind, config, secrets }) => {
  const fields = receiverTable[kind]?.fields ?? {}
  expect(namesOf(fields)).toEqual(Object.keys(config.shape).sort())
  expect(secretsOf(fields)).toEqual(secrets.toSorted())
  const needed = Object.entries(config.shape).filter(([, shape]) => !shape.safeParse(undefined).success)
  const marked = Object.entries(fields).filter(([, entry]) => entry.needed)
  expect(marked.map(([name]) => name).sort()).toEqual(needed.map(([name]) => name).sort())
})

test('a policy is filled in whole', () => {
  expect(namesOf(policyTable)).toEqual(Object.keys(policyBody.shape).sort())
})

describe('a source', () => {
  const shapes = Object.fromEntries(sourceBody.options.map(({ shape }) => [shape.kind.value, shape]))

  test.each(sourceKinds)('of the kind %s is filled in whole, and its secrets stay secret', (kind) => {
    const { config, secrets } = shapes[kind] ?? {}
    const { fields, secrets: hidden } = sourceTable[kind]
    expect(namesOf(fields)).toEqual(Object.keys(config?.shape ?? {}).sort())
    expect(namesOf(hidden)).toEqual(Object.keys(secrets?.unwrap().shape ?? {}).sort())
    expect(secretsOf(fields)).toEqual([])
    expect(secretsOf(hidden)).toEqual(namesOf(hidden))
  })
})
