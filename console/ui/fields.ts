/**
 * Values of a form by where they stand (`limits.timeout_s`), and the nested object that they are. A secret that wasn't touched is absent, one
 * that is taken away is null. Read next: fields-form.tsx, ../../contract/field-table.ts.
 */
import type { FieldTable } from '../../contract/field-table.ts'

export type FieldValues = Readonly<Record<string, unknown>>

/** What is there, by the paths of a table. */
export function valuesOf(table: FieldTable, stored: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.keys(table).flatMap((path) => {
      const value = at(stored, path)
      return isEmpty(value) ? [] : [[path, value]]
    }),
  )
}

/** As it is posted. */
export function nested(values: FieldValues): FieldValues {
  const whole: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(values)) {
    const [name = '', within] = path.split('.')
    if (within === undefined) whole[name] = value
    else if (!isEmpty(value)) whole[name] = { ...objectOf(whole[name]), [within]: value }
  }
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => !isEmpty(value)))
}

/** As a change has it: only what is another, objects whole, null for what is gone. */
export function changed(before: FieldValues, after: FieldValues): FieldValues {
  const [one, other] = [nested(before), nested(after)]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)].map((path) => path.split('.')[0] ?? ''))]
  return Object.fromEntries(
    names
      .filter((name) => after[name] === null || JSON.stringify(one[name]) !== JSON.stringify(other[name]))
      .map((name) => [name, other[name] ?? null]),
  )
}

function at(stored: FieldValues, path: string): unknown {
  const [name = '', within] = path.split('.')
  return within === undefined ? stored[name] : objectOf(stored[name])[within]
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
