/**
 * Files that set the API up when it starts, YAML or JSON: a list whose entries are parsed one by one, with `${NAME}` for variables of the
 * environment. Never repeats a value in an error: it may be a secret. Read next: sources-file.ts, receivers-file.ts.
 */
import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import { type Output, type Parsed, parse, type Schema } from '../contract/parse.ts'

export type Variables = (name: string) => string | null

/** What is wrong with a file, sentence by sentence. */
export class SetupFileError extends Error {
  readonly code = 'bad-setup-file'
  constructor(file: string, problems: readonly string[], options?: ErrorOptions) {
    super([`${file} can't be used:`, ...problems].join('\n  '), options)
    this.name = 'SetupFileError'
  }
}

/** What a file holds: `whole` has its shape, `list` its only field, `entry` reads one of the list. Throws a SetupFileError. */
export type SetupFile<Entry> = Readonly<{
  whole: Schema
  list: string
  entry: (value: unknown) => Parsed<Entry>
}>

export async function readSetupFile<Entry extends Readonly<{ name: string }>>(
  file: string,
  { whole, list, entry }: SetupFile<Entry>,
  variables: Variables,
): Promise<Entry[]> {
  const { content, lineOf } = await readYaml(file, list)
  const checked: Parsed<Output<Schema>> = parse(whole, content)
  if (!checked.ok) throw new SetupFileError(file, checked.errors)
  const problems: string[] = []
  const entries = listIn(content, list).flatMap((value, index) => {
    const place = `${list}.${index}`
    const line = ` (line ${lineOf(index)})`
    const parsed = entry(filledIn(value, variables, (name) => problems.push(`${place}: ${name} is not set${line}`)))
    if (parsed.ok) return [parsed.value]
    problems.push(...parsed.errors.map((error) => `${place}.${error}${line}`))
    return []
  })
  const twice = entries.filter(({ name }, index) => entries.findIndex((other) => other.name === name) < index)
  problems.push(...twice.map(({ name }) => `${name} stands there twice`))
  if (problems.length > 0) throw new SetupFileError(file, [...new Set(problems)])
  return entries
}

async function readYaml(file: string, list: string): Promise<Readonly<{ content: unknown; lineOf: (index: number) => number }>> {
  try {
    const lines = new LineCounter()
    const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines })
    const [wrong] = document.errors
    if (wrong !== undefined) throw wrong
    return {
      content: document.toJS(),
      lineOf: (index) => {
        const node: unknown = document.getIn([list, index], true)
        const range = typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range) ? node.range : [0]
        return lines.linePos(Number(range[0])).line
      },
    }
  } catch (cause) {
    throw new SetupFileError(file, [cause instanceof Error ? cause.message : String(cause)], { cause })
  }
}

function listIn(content: unknown, list: string): readonly unknown[] {
  const found = typeof content === 'object' && content !== null ? Object.entries(content).find(([name]) => name === list)?.[1] : null
  return Array.isArray(found) ? found : []
}

function filledIn(value: unknown, variables: Variables, missing: (name: string) => void): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
      const text = variables(name)
      if (text === null) missing(name)
      return text ?? ''
    })
  }
  if (Array.isArray(value)) return value.map((item) => filledIn(item, variables, missing))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, variables, missing)]))
}
