/** Selectors of labels, as `match[]` has them: `{severity="page", team!~"a|b"}`. Read next: present.ts. */
import { matcherOf } from '../../core/prometheus-template/regex.ts'
import { ApiError } from '../errors.ts'

export type Matcher = Readonly<{ label: string; holds: (value: string) => boolean }>

const onePattern = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')\s*(,|$)/y

/** Throws an ApiError that says what is wrong. */
export function parseMatchers(selector: string): readonly Matcher[] {
  const [, name, inside = ''] = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)?\s*(?:\{(.*)\})?\s*$/s.exec(selector) ?? []
  const found: Matcher[] = name === undefined ? [] : [{ label: '__name__', holds: (value) => value === name }]
  for (let at = 0; at < inside.trimEnd().length; at = onePattern.lastIndex) {
    onePattern.lastIndex = at
    const [all, label = '', operator = '', quoted = ''] = onePattern.exec(inside) ?? []
    if (all === undefined) throw wrong(selector)
    found.push({ label, holds: comparison(operator, quoted.slice(1, -1).replace(/\\(.)/g, '$1'), selector) })
  }
  if (found.length === 0) throw wrong(selector)
  return found
}

function comparison(operator: string, wanted: string, selector: string): Matcher['holds'] {
  if (operator === '=') return (value) => value === wanted
  if (operator === '!=') return (value) => value !== wanted
  const matches = matcher(`^(?:${wanted})$`, selector)
  return (value) => matches(value) === (operator === '=~')
}

function matcher(pattern: string, selector: string): Matcher['holds'] {
  try {
    return matcherOf(pattern)
  } catch {
    throw wrong(selector)
  }
}

function wrong(selector: string): ApiError {
  return new ApiError(400, [`match[]: expected a selector like {severity="page"}, not ${selector.slice(0, 200)}`])
}
