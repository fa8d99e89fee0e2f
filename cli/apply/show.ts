/** A plan for people and for programs. Never does anything. Read next: plan.ts. */
import { assertNever } from '../../core/assert.ts'
import type { FieldChange } from './difference.ts'
import type { Done } from './execute.ts'
import type { Action, Change, Plan } from './plan.ts'

/** Of a value in a line; a query or a message is shown from its beginning on. */
const valueCharsMax = 100

export function showPlan(plan: Plan): string[] {
  return [...plan.changes.filter(({ action }) => action !== 'unchanged').flatMap(linesOf), sumOf(plan.changes)]
}

/** For programs: what would be sent stays in the files. */
export function planJson(plan: Plan): object {
  const count = (action: Action): number => plan.changes.filter((change) => change.action === action).length
  return {
    create: count('create'),
    update: count('update'),
    delete: count('delete'),
    adopt: count('adopt'),
    unchanged: count('unchanged'),
    over: count('over'),
    changes: plan.changes
      .filter(({ action }) => action !== 'unchanged')
      .map(({ kind, action, key, id, name, place, changes }) => ({ kind, action, key, id, name, place, changes })),
  }
}

export function doneJson(done: readonly Done[]): object {
  return done.map(({ change: { kind, action, key }, id, warnings, error }) => ({ kind, action, key, id, warnings, error }))
}

/** `3 to create, 1 to change, 12 as they are`. */
function sumOf(changes: readonly Change[]): string {
  const parts = actions.flatMap(([action, words]) => {
    const count = changes.filter((change) => change.action === action).length
    return count === 0 ? [] : [`${count} ${words}`]
  })
  return parts.length === 0 ? 'nothing is there to be done' : parts.join(', ')
}

const actions = [
  ['create', 'to create'],
  ['update', 'to change'],
  ['delete', 'to delete'],
  ['adopt', 'to be kept under their keys from now on'],
  ['over', 'over already'],
  ['unchanged', 'as they are'],
] as const

function linesOf({ kind, action, key, id, name, changes }: Change): string[] {
  const title = name === '' || name === key ? '' : `  ${JSON.stringify(name)}`
  return [`${signOf(action)} ${kind} ${key}${id === null ? '' : ` (${id})`}${title}`, ...changes.map((change) => `    ${lineOf(change)}`)]
}

function lineOf({ field, from, to }: FieldChange): string {
  return `${field}: ${shown(from)} → ${shown(to)}`
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null'
  return text.length > valueCharsMax ? `${text.slice(0, valueCharsMax)}…` : text
}

function signOf(action: Action): string {
  switch (action) {
    case 'create':
      return '+'
    case 'update':
      return '~'
    case 'delete':
      return '-'
    case 'adopt':
      return '='
    case 'over':
    case 'unchanged':
      return ' '
    default:
      return assertNever(action)
  }
}
