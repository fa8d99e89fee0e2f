/**
 * Go's template language as nodes: actions, pipelines, `if`, `with`, `range`, `define`, `template`, `block`. Linear in the text, and
 * bounded in nesting. Throws a TemplateError with the line. Read next: nodes.ts, operands.ts (one pipeline), scan.ts.
 */
import type { Node, Pipeline, Template } from './nodes.ts'
import { type Cursor, cursorOf, isAtEnd, nameAt, parsePipeline, stringAt } from './operands.ts'
import { type Piece, scan } from './scan.ts'
import { TemplateError } from './values.ts'

/** People nest a few blocks; recursion must end. */
const nestingMax = 50

type Reader = { pieces: readonly Piece[]; at: number; defined: Map<string, readonly Node[]> }
type Block = Readonly<{ nodes: readonly Node[]; end: 'end' | 'else' | 'over'; cursor: Cursor | null }>
type Place = Readonly<{ variables: readonly string[]; depth: number; inRange: boolean }>

/** `variables`: names that are declared before it begins, with their $. */
export function parseGoTemplate(source: string, variables: readonly string[] = []): Template {
  const reader: Reader = { pieces: scan(source), at: 0, defined: new Map() }
  const block = parseBlock(reader, { variables: ['$', ...variables], depth: 0, inRange: false })
  if (block.end !== 'over') throw new TemplateError(`unexpected {{${block.end}}}`)
  return { nodes: block.nodes, defined: reader.defined }
}

function parseBlock(reader: Reader, place: Place): Block {
  if (place.depth > nestingMax) throw new TemplateError(`blocks are nested over ${nestingMax} levels`)
  const nodes: Node[] = []
  let variables = place.variables
  for (let piece = reader.pieces[reader.at]; piece !== undefined; piece = reader.pieces[reader.at]) {
    reader.at += 1
    if (piece.kind === 'text') {
      nodes.push(piece)
      continue
    }
    const cursor = cursorOf(piece.tokens, piece.line, variables)
    const keyword = keywordAt(cursor)
    if (keyword === 'end' || keyword === 'else') {
      if (keyword === 'end') finish(cursor, 'end')
      return { nodes, end: keyword, cursor }
    }
    if (keyword === null) {
      const pipeline = whole(cursor)
      nodes.push({ kind: 'action', pipeline })
      if (!pipeline.assigns) variables = [...variables, ...pipeline.names]
      continue
    }
    nodes.push(...parseKeyword(keyword, cursor, reader, { ...place, variables }))
  }
  return { nodes, end: 'over', cursor: null }
}

const keywords = ['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue'] as const
type Keyword = (typeof keywords)[number]

function keywordAt(cursor: Cursor): Keyword | null {
  const word = nameAt(cursor)
  const keyword = keywords.find((one) => one === word)
  if (keyword === undefined) return null
  cursor.at += 1
  return keyword
}

function parseKeyword(keyword: Exclude<Keyword, 'end' | 'else'>, cursor: Cursor, reader: Reader, place: Place): readonly Node[] {
  switch (keyword) {
    case 'if':
    case 'with':
    case 'range':
      return [parseControl(keyword, cursor, reader, place)]
    case 'define':
      parseDefinition(cursor, reader, place.depth)
      return []
    case 'template': {
      const name = stringAt(cursor)
      return [{ kind: 'template', name, pipeline: isAtEnd(cursor) ? null : whole(cursor) }]
    }
    case 'block': {
      const name = stringAt(cursor)
      const pipeline = whole(cursor)
      reader.defined.set(name, closed(parseBlock(reader, { variables: ['$'], depth: place.depth + 1, inRange: false }), 'block'))
      return [{ kind: 'template', name, pipeline }]
    }
    case 'break':
    case 'continue':
      finish(cursor, keyword)
      if (!place.inRange) throw new TemplateError(`line ${cursor.line}: {{${keyword}}} outside of {{range}}`)
      return [{ kind: keyword }]
  }
}

function parseControl(kind: 'if' | 'with' | 'range', cursor: Cursor, reader: Reader, place: Place): Node {
  const pipeline = whole(cursor, kind === 'range')
  const inside = { variables: [...place.variables, ...pipeline.names], depth: place.depth + 1, inRange: place.inRange || kind === 'range' }
  const body = parseBlock(reader, inside)
  if (body.end === 'over' || body.cursor === null)
    throw new TemplateError(`line ${cursor.line}: {{${kind}}} is not closed: {{end}} is missing`)
  if (body.end === 'end') return { kind, pipeline, body: body.nodes, otherwise: [] }
  const word = nameAt(body.cursor)
  if (word === 'if' || (word === 'with' && kind === 'with')) {
    body.cursor.at += 1
    return { kind, pipeline, body: body.nodes, otherwise: [parseControl(word, body.cursor, reader, { ...inside, inRange: place.inRange })] }
  }
  finish(body.cursor, 'else')
  const otherwise = parseBlock(reader, { ...inside, inRange: place.inRange })
  return { kind, pipeline, body: body.nodes, otherwise: closed(otherwise, kind) }
}

function parseDefinition(cursor: Cursor, reader: Reader, depth: number): void {
  const name = stringAt(cursor)
  finish(cursor, 'define')
  if (depth > 0) throw new TemplateError(`line ${cursor.line}: {{define}} inside of a block`)
  reader.defined.set(name, closed(parseBlock(reader, { variables: ['$'], depth: 1, inRange: false }), 'define'))
}

function closed(block: Block, kind: string): readonly Node[] {
  if (block.end !== 'end') throw new TemplateError(`{{${kind}}} is not closed: {{end}} is missing`)
  return block.nodes
}

function whole(cursor: Cursor, inRange = false): Pipeline {
  const pipeline = parsePipeline(cursor, inRange)
  finish(cursor, 'an action')
  return pipeline
}

function finish(cursor: Cursor, what: string): void {
  if (!isAtEnd(cursor)) throw new TemplateError(`line ${cursor.line}: unexpected text in ${what}`)
}
