/** By which tag keys the groups of an expression are told apart. Read next: metric-nodes.ts. */
import { assertNever } from '../assert.ts'
import { keysOf } from './arguments.ts'
import { functionNamed } from './functions.ts'
import type { CallExpression, Expression } from './metric-nodes.ts'

/** In the order they were written. Both sides of arithmetic: the keys of the side that has more, the other's are among them. */
export function groupKeysOf(of: Expression): readonly string[] {
  switch (of.kind) {
    case 'series':
      return of.by
    case 'number':
      return []
    case 'negative':
      return groupKeysOf(of.of)
    case 'call':
      return keysOfCall(of)
    case 'arithmetic': {
      const left = groupKeysOf(of.left)
      const right = groupKeysOf(of.right)
      return right.length > left.length ? right : left
    }
    default:
      return assertNever(of)
  }
}

function keysOfCall({ name, of, args }: CallExpression): readonly string[] {
  switch (functionNamed(name)?.groups) {
    case 'keys':
      return keysOf(args)
    case 'none':
      return []
    default:
      return groupKeysOf(of)
  }
}

/** Whether groups of both can be joined: the same keys, or those of one are among those of the other. */
export function canJoin(left: readonly string[], right: readonly string[]): boolean {
  const [fewer, more] = left.length <= right.length ? [left, right] : [right, left]
  return fewer.every((key) => more.includes(key))
}
