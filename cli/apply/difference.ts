/** Where two values of JSON differ, by the names of fields. Pure. Read next: plan.ts. */
import { isDeepStrictEqual } from 'node:util'
import { type Body, isObject } from './desired.ts'

/** A field that isn't there is null. */
export type FieldChange = Readonly<{ field: string; from: unknown; to: unknown }>

/** All fields of both, one level of objects deep: `options.thresholds`. */
export function differences(from: Body, to: Body): FieldChange[] {
  return namesOf(from, to).flatMap((name) => {
    const [before, after] = [from[name] ?? null, to[name] ?? null]
    if (!isObject(before) || !isObject(after)) return differing(name, before, after)
    return namesOf(before, after).flatMap((inner) => differing(`${name}.${inner}`, before[inner] ?? null, after[inner] ?? null))
  })
}

/** Only the fields that `to` says something about: what it leaves out, or has as null, is as it is. */
export function differencesWithin(from: Body, to: Body, path = ''): FieldChange[] {
  return Object.entries(to).flatMap(([name, after]) => {
    if (after === null || after === undefined) return []
    const field = `${path}${name}`
    const before = from[name] ?? null
    if (isObject(before) && isObject(after)) return differencesWithin(before, after, `${field}.`)
    return differing(field, before, after)
  })
}

function differing(field: string, from: unknown, to: unknown): FieldChange[] {
  return isDeepStrictEqual(plain(from), plain(to)) ? [] : [{ field, from, to }]
}

function namesOf(one: Body, other: Body): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
}

/** As JSON has it: without undefined fields, and -0 is 0. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value)
  return text === undefined ? null : JSON.parse(text)
}
