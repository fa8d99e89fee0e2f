/** Whether a function may be called like this, here. Read next: functions.ts, arguments.ts. */
import { checkArguments, keysOf } from './arguments.ts'
import { closest } from './closest.ts'
import { functionNamed, functions } from './functions.ts'
import type { Argument } from './metric-nodes.ts'
import type { Places } from './places.ts'

type Called = Readonly<{ name: string; args: readonly Argument[] }>
type CallIssue = Readonly<{ message: string; offset: number | null }>

/** `keys`: by which its expression is grouped; null where that isn't known. */
export function checkCall(of: Called, keys: readonly string[] | null, isOutermost: boolean, places: Places): CallIssue[] {
  const at = (node: object): number | null => places.get(node)?.[0] ?? null
  const called = functionNamed(of.name)
  if (called === null) return [{ message: unknownFunction(of.name), offset: at(of) }]
  const issues = checkArguments(called, of.args).map(({ message, of: argument }) => ({ message, offset: at(argument ?? of) }))
  if (called.place === 'outermost' && !isOutermost) {
    issues.push({ message: `${of.name}() must be the outermost function: nothing can be computed with its result`, offset: at(of) })
  }
  if (keys === null) return issues
  if (called.needsGroups && keys.length === 0) {
    issues.push({ message: `${of.name}() compares groups: its expression needs some, as in avg:metric{*} by {host}`, offset: at(of) })
  }
  const asked = called.groups === 'keys' ? keysOf(of.args) : []
  const other = of.args.find((_, place) => asked[place] !== undefined && !keys.includes(String(asked[place])))
  if (other !== undefined) {
    const known = keys.length === 0 ? 'nothing' : keys.join(', ')
    issues.push({ message: `${of.name}(): the expression is grouped by ${known}, not by ${other.value}`, offset: at(other) })
  }
  return issues
}

function unknownFunction(name: string): string {
  const meant = closest(name, functionNames)
  return meant === null ? `there is no function ${name}()` : `there is no function ${name}(): did you mean ${meant}()?`
}

const functionNames = functions.map((one) => one.name)
