/** Selectors of labels, as `match[]` has them: `{severity="page", team!~"a|b"}`. Read next: present.ts. */
import { matcherOf } from '../../core/prometheus-template/regex.ts'
import { TemplateError } from '../../core/prometheus-template/values.ts'
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

/** Throws an ApiError where it is no expression; what it answers does so where it takes too long. */
function matcher(pattern: string, selector: string): Matcher['holds'] {
  const matches = refusing(() => matcherOf(pattern), selector)
  return (value) => refusing(() => matches(value), selector)
}

function refusing<Result>(work: () => Result, selector: string): Result {
  try {
    return work()
  } catch (error) {
    if (error instanceof TemplateError) throw new ApiError(400, [`match[]: ${error.message}, in ${shown(selector)}`], { cause: error })
    throw error
  }
}

function wrong(selector: string): ApiError {
  return new ApiError(400, [`match[]: expected a selector like {severity="page"}, not ${shown(selector)}`])
}

const shown = (selector: string): string => selector.slice(0, 200)
