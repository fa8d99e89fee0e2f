/**
 * Runs a parsed template. Bounded in steps, in calls and in what it writes; pure: what `query` answers is handed in.
 * Read next: expand.ts (its caller), functions.ts, nodes.ts.
 */
import { assertNever } from '../assert.ts'
import { callFunction } from './functions.ts'
import type { Command, Node, Operand, Pipeline, Template } from './nodes.ts'
import { printValue } from './printf.ts'
import { int, isTrue, nil, type Sample, sortedEntries, TemplateError, text, type Value } from './values.ts'

/** A loop over a thousand series takes some thousands; more is a mistake, and stops. */
const stepsMax = 100_000
/** What a person reads; receivers cut earlier. */
const outputCharsMax = 40_000
const callsMax = 100

export type World = Readonly<{
  data: Value
  variables: Readonly<Record<string, Value>>
  externalUrl: string
  /** Throws where nobody has asked yet, or the source gave no answer. */
  query: (text: string) => readonly Sample[]
}>

type Run = { readonly world: World; readonly template: Template; out: string; steps: number; calls: number }
type Scope = { readonly dot: Value; readonly variables: Map<string, { value: Value }> }
type After = 'on' | 'break' | 'continue'

/** Throws a TemplateError. */
export function evaluateTemplate(template: Template, world: World): string {
  const run: Run = { world, template, out: '', steps: 0, calls: 0 }
  const variables = new Map(Object.entries({ ...world.variables, $: world.data }).map(([name, value]) => [name, { value }]))
  walk(run, template.nodes, { dot: world.data, variables })
  return run.out
}

function walk(run: Run, nodes: readonly Node[], outer: Scope): After {
  const scope = { dot: outer.dot, variables: new Map(outer.variables) }
  for (const node of nodes) {
    const after = perform(run, node, scope)
    if (after !== 'on') return after
  }
  return 'on'
}

function perform(run: Run, node: Node, scope: Scope): After {
  count(run)
  switch (node.kind) {
    case 'text':
      write(run, node.text)
      return 'on'
    case 'action': {
      const value = evaluatePipeline(run, node.pipeline, scope)
      if (node.pipeline.names.length === 0) write(run, printValue(value))
      return 'on'
    }
    case 'if':
    case 'with':
      return branch(run, node, scope)
    case 'range':
      return repeat(run, node, scope)
    case 'template':
      call(run, node, scope)
      return 'on'
    case 'break':
    case 'continue':
      return node.kind
    default:
      return assertNever(node)
  }
}

type Control = Extract<Node, { pipeline: Pipeline; body: readonly Node[] }>

function branch(run: Run, { kind, pipeline, body, otherwise }: Control, outer: Scope): After {
  const scope = { dot: outer.dot, variables: new Map(outer.variables) }
  const value = evaluatePipeline(run, pipeline, scope)
  if (!isTrue(value)) return walk(run, otherwise, scope)
  return walk(run, body, kind === 'with' ? { ...scope, dot: value } : scope)
}

function repeat(run: Run, { pipeline, body, otherwise }: Control, outer: Scope): After {
  const subject = evaluatePipeline(run, { ...pipeline, names: [] }, outer)
  const items = itemsOf(subject)
  if (items.length === 0) return walk(run, otherwise, outer)
  for (const [key, value] of items) {
    const scope = { dot: value, variables: new Map(outer.variables) }
    const [first, second] = pipeline.names
    if (first !== undefined) bind(scope, first, second === undefined ? value : key, pipeline.assigns)
    if (second !== undefined) bind(scope, second, value, pipeline.assigns)
    count(run)
    if (walk(run, body, scope) === 'break') break
  }
  return 'on'
}

function itemsOf(value: Value): (readonly [Value, Value])[] {
  if (value.kind === 'list') return value.items.map((item, index) => [int(index), item])
  if (value.kind === 'map' && value.of !== 'struct') return sortedEntries(value.entries).map(([key, one]) => [text(key), one])
  if (value.kind === 'nil') return []
  throw new TemplateError(`range can't iterate over ${printValue(value)}`)
}

function call(run: Run, { name, pipeline }: Extract<Node, { kind: 'template' }>, scope: Scope): void {
  const nodes = run.template.defined.get(name)
  if (nodes === undefined) throw new TemplateError(`template "${name}" not defined`)
  run.calls += 1
  if (run.calls > callsMax) throw new TemplateError(`templates call each other over ${callsMax} times deep`)
  const dot = pipeline === null ? nil : evaluatePipeline(run, pipeline, scope)
  walk(run, nodes, { dot, variables: new Map([['$', { value: dot }]]) })
  run.calls -= 1
}

function evaluatePipeline(run: Run, { names, assigns, commands }: Pipeline, scope: Scope): Value {
  let value: Value | null = null
  for (const command of commands) value = evaluateCommand(run, command, value, scope)
  const result = value ?? nil
  for (const name of names) bind(scope, name, result, assigns)
  return result
}

/** A variable that is set is the same one in blocks around. */
function bind({ variables }: Scope, name: string, value: Value, assigns: boolean): void {
  const cell = variables.get(name)
  if (assigns && cell !== undefined) cell.value = value
  else variables.set(name, { value })
}

/** `piped`: what the command before gave; it is the last argument. */
function evaluateCommand(run: Run, [first, ...rest]: Command, piped: Value | null, scope: Scope): Value {
  count(run)
  if (first === undefined) return nil
  if (first.kind === 'function') return evaluateCall(run, first.name, rest, piped, scope)
  if (rest.length > 0 || piped !== null) throw new TemplateError("can't give argument to non-function")
  return evaluateOperand(run, first, scope)
}

function evaluateCall(run: Run, name: string, operands: Command, piped: Value | null, scope: Scope): Value {
  if (name !== 'and' && name !== 'or') {
    const args = operands.map((operand) => evaluateOperand(run, operand, scope))
    return callFunction(name, piped === null ? args : [...args, piped], { ...run.world, charsMax: outputCharsMax })
  }
  // They stop at the first that decides.
  let last: Value | null = null
  for (const operand of operands) {
    last = evaluateOperand(run, operand, scope)
    if (isTrue(last) === (name === 'or')) return last
  }
  if (piped !== null) return piped
  if (last === null) throw new TemplateError(`wrong number of args for ${name}`)
  return last
}

function evaluateOperand(run: Run, operand: Operand, scope: Scope): Value {
  count(run)
  switch (operand.kind) {
    case 'literal':
      return operand.value
    case 'dot':
      return fieldsOf(scope.dot, operand.fields)
    case 'variable': {
      const cell = scope.variables.get(operand.name)
      if (cell === undefined) throw new TemplateError(`undefined variable ${operand.name}`)
      return fieldsOf(cell.value, operand.fields)
    }
    case 'nested':
      return fieldsOf(evaluatePipeline(run, operand.pipeline, scope), operand.fields)
    case 'function':
      return evaluateCall(run, operand.name, [], null, scope)
    default:
      return assertNever(operand)
  }
}

function fieldsOf(value: Value, fields: readonly string[]): Value {
  let at = value
  for (const field of fields) {
    if (at.kind !== 'map') throw new TemplateError(`can't evaluate field ${field} of ${printValue(at)}`)
    const found = at.entries.get(field)
    if (found === undefined && at.of === 'struct') throw new TemplateError(`can't evaluate field ${field}`)
    at = found ?? (at.of === 'strings' ? text('') : nil)
  }
  return at
}

function count(run: Run): void {
  run.steps += 1
  if (run.steps > stepsMax) throw new TemplateError(`it takes more than ${stepsMax} steps`)
}

function write(run: Run, written: string): void {
  run.out += written
  if (run.out.length > outputCharsMax) throw new TemplateError(`it writes more than ${outputCharsMax} characters`)
}
