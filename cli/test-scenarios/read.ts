/**
 * Reads a scenario file: YAML (or JSON, which is YAML) to scenarios, or all that is wrong with it as `file:line: what`.
 * Never runs anything. Read next: contract/scenario.ts, docs/scenarios.md.
 */
import { readFile, stat } from 'node:fs/promises'
import { type Document, isAlias, isCollection, isNode, LineCounter, type Node, parseDocument, type Tags } from 'yaml'
import { type Path, parseScenarios } from '../../contract/scenario.ts'
import type { Scenario } from '../../core/scenario/types.ts'

export type FileScenario = Readonly<{ file: string; line: number; scenario: Scenario }>
export type ReadFile = Readonly<{ ok: true; scenarios: readonly FileScenario[] } | { ok: false; errors: readonly string[] }>

/** A thousand scenarios of a page each; a bigger file is something else. */
const fileBytesMax = 4 * 1024 * 1024
/** Anchors save typing; a file that multiplies itself through them is refused. */
const aliasesMax = 1_000

export async function readScenarioFile(file: string): Promise<ReadFile> {
  try {
    const { size } = await stat(file)
    if (size > fileBytesMax) return { ok: false, errors: [`${file}: ${size} bytes are more than the ${fileBytesMax} that are read`] }
    return readScenarios(file, await readFile(file, 'utf8'))
  } catch (error) {
    return { ok: false, errors: [`${file}: ${error instanceof Error ? error.message : String(error)}`] }
  }
}

/** `file` only names the place in errors. */
export function readScenarios(file: string, text: string): ReadFile {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true, customTags: plainNumbers })
  const at = (offset: number): number => lines.linePos(offset).line
  if (document.errors.length > 0) {
    return { ok: false, errors: document.errors.map((error) => `${file}:${at(error.pos[0])}: ${error.message}`) }
  }
  const data = dataOf(document)
  if ('error' in data) return { ok: false, errors: [`${file}: ${data.error}`] }
  const { scenarios, issues } = parseScenarios(data.value)
  const lineOf = (path: Path): number => at(offsetOf(document, path))
  if (issues.length > 0) {
    const placed = issues.map(({ path, message }) => ({ line: lineOf(path), text: `${nameOf(path)}${message}` }))
    return {
      ok: false,
      errors: placed.sort((one, other) => one.line - other.line).map(({ line, text: what }) => `${file}:${line}: ${what}`),
    }
  }
  return { ok: true, scenarios: scenarios.map(({ path, scenario }) => ({ file, line: lineOf(path), scenario })) }
}

/** `0x5` is five times nought here, as everywhere in a series, and no hexadecimal number. */
function plainNumbers(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || !('format' in tag) || (tag.format !== 'HEX' && tag.format !== 'OCT'))
}

function dataOf(document: Document.Parsed): Readonly<{ value: unknown } | { error: string }> {
  try {
    return { value: document.toJS({ maxAliasCount: aliasesMax }) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

/** Where the value at `path` begins; where it isn't there, the innermost that holds its place. */
function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const range = nodeAt(document, path.slice(0, length))?.range
    if (range) return range[0]
  }
  return document.contents?.range?.[0] ?? 0
}

/** A key that looks like a number is one in YAML, and a text in the data. */
function nodeAt(document: Document.Parsed, path: Path): Node | undefined {
  let node: unknown = document.contents
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (!isCollection(node)) return undefined
    node = node.get(key, true) ?? node.get(Number(key), true)
  }
  return isNode(node) ? node : undefined
}

/** The place within its scenario: the line says which one. */
function nameOf(path: Path): string {
  const inner = path[0] === 'scenarios' && path.length > 1 ? path.slice(2) : path
  return inner.length === 0 ? '' : `${inner.join('.')}: `
}
