/**
 * Nodes and names → text, in pieces that say whether the author wrote them or they are values.
 * Never throws, never reaches what a value inherits, and ends: nothing repeats, so the pieces are at most as many as the nodes.
 * Read next: helpers.ts, conditions.ts.
 */
import { assertNever } from '../../assert.ts'
import { lookUp, type MessageContext } from '../context.ts'
import { roundForPeople } from '../format.ts'
import { helperNames, nameKind } from '../names.ts'
import { judge } from './conditions.ts'
import { callHelper, type Made } from './helpers.ts'
import type { Call, TemplateNode } from './nodes.ts'

/** A time in a zone as people there read it; null = there is no such zone. */
export type LocalTime = (epochMs: number, zone: string) => string | null

export type Surroundings = Readonly<{ names: MessageContext; priority: number | null; localTime: LocalTime }>

/** `written` by the author, or a value that came from elsewhere. */
export type Piece = Readonly<{ text: string; written: boolean }>

export type Evaluated = Readonly<{
  pieces: readonly Piece[]
  /** What could not be rendered, in sentences. */
  notes: readonly string[]
  /** The text asks for another one; null = it doesn't. */
  priority: number | null
}>

/** Tags are below 200 characters; one log line is readable up to here. */
const valueCharactersMax = 2_000
/** Notes are for somebody who repairs a template, and follow every message. */
const notesMax = 5

export function evaluate(nodes: readonly TemplateNode[], surroundings: Surroundings): Evaluated {
  const pieces: Piece[] = []
  const notes: string[] = []
  const missing = new Set<string>()
  let priority: number | null = null

  function visit(list: readonly TemplateNode[]): void {
    for (const node of list) visitNode(node)
  }

  function visitNode(node: TemplateNode): void {
    switch (node.kind) {
      case 'text':
        pieces.push({ text: node.text, written: true })
        break
      case 'value':
        visitValue(node.call, node.source)
        break
      case 'block': {
        const judged = judge(node.call, surroundings)
        if (judged.note !== null) notes.push(judged.note)
        visit(judged.holds ? node.whenTrue : node.whenFalse)
        break
      }
      default:
        assertNever(node)
    }
  }

  function visitValue(call: Call, source: string): void {
    const plain = call.arguments.length === 0 && !helperNames.some((helper) => helper === call.name)
    const made: Made = plain ? { kind: 'text', text: textOfName(call.name) } : callHelper(call, surroundings)
    switch (made.kind) {
      case 'text':
        pushValue(made.text)
        break
      case 'priority':
        priority = made.priority
        break
      case 'missing':
        missing.add(made.name)
        break
      case 'failed':
        notes.push(made.note)
        pieces.push({ text: source, written: true })
        break
      default:
        assertNever(made)
    }
  }

  function textOfName(name: string): string {
    const value = lookUp(surroundings.names, name)
    if (value === undefined && nameKind(name) === 'carried') missing.add(name)
    if (typeof value !== 'number') return String(value ?? '')
    return String(/(?:^|\.)value$/.test(name) ? roundForPeople(value) : value)
  }

  function pushValue(text: string): void {
    if (text.length > valueCharactersMax) notes.push(`A value was cut at ${valueCharactersMax} characters.`)
    pieces.push({ text: text.length > valueCharactersMax ? cut(text) : text, written: false })
  }

  visit(nodes)
  return { pieces, notes: [...namesMissing(missing), ...new Set(notes)].slice(0, notesMax), priority }
}

function namesMissing(missing: ReadonlySet<string>): string[] {
  if (missing.size === 0) return []
  const names = [...missing]
  const more = names.length > notesMax ? ` and ${names.length - notesMax} more` : ''
  return [`Not known here, and left empty: ${names.slice(0, notesMax).join(', ')}${more}.`]
}

/** Without half a character at the end. */
function cut(text: string): string {
  return `${text.slice(0, valueCharactersMax - 1).toWellFormed()}…`
}
