import { parseSync } from '@swc/core'

/** A node of the syntax tree, as far as a search needs to know it. */
export type SyntaxNode = Readonly<Record<string, unknown>> & { readonly type: string }

/** `parents`: nearest first. `line()` counts from 1; it is worked out when asked for. */
export type Visit = (node: SyntaxNode, parents: readonly SyntaxNode[], line: () => number) => void

/** Visits every node of a TypeScript or JavaScript file. Throws on text that can't be parsed. */
export function visitSyntax(source: string, visit: Visit): void {
  // The parser counts bytes from the first token and goes on counting from file to file: a token of our own gives the zero.
  // A line for the shell is a comment to Node, and the parser knows it in the first place only.
  const program = parseSync(`;${source.replace(/^#!/, '//')}`, { syntax: 'typescript', target: 'es2024' })
  const bytes = Buffer.from(source)
  const start = program.span.start
  const lineOf = (node: SyntaxNode): number => {
    const offset = spanStart(node) - start - 1
    return bytes.subarray(0, Math.max(0, offset)).reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), 1)
  }
  walk(program, [], (node, parents) => visit(node, parents, () => lineOf(node)))
}

function walk(value: unknown, parents: readonly SyntaxNode[], visit: (node: SyntaxNode, parents: readonly SyntaxNode[]) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) walk(element, parents, visit)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const inner = isNode(value) ? [value, ...parents] : parents
  if (isNode(value)) visit(value, parents)
  for (const child of Object.values(value)) walk(child, inner, visit)
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

function spanStart(node: SyntaxNode): number {
  const { span } = node
  return typeof span === 'object' && span !== null && 'start' in span && typeof span.start === 'number' ? span.start : 0
}

/** The name of an identifier that stands for a value or a type of its own, not for a property of something else; else null. */
export function freeName(node: SyntaxNode, parents: readonly SyntaxNode[]): string | null {
  if (node.type !== 'Identifier' || typeof node.value !== 'string') return null
  const [parent] = parents
  if (parent === undefined) return node.value
  const isProperty =
    (parent.type === 'MemberExpression' && parent.property === node) ||
    (parent.type === 'KeyValueProperty' && parent.key === node) ||
    (parent.type === 'KeyValuePatternProperty' && parent.key === node) ||
    (parent.type === 'TsPropertySignature' && parent.key === node) ||
    (parent.type === 'TsMethodSignature' && parent.key === node) ||
    (parent.type === 'MethodProperty' && parent.key === node) ||
    (parent.type === 'ClassMethod' && parent.key === node) ||
    (parent.type === 'ClassProperty' && parent.key === node)
  return isProperty ? null : node.value
}

/** `object.property` with both names known; else null. */
export function memberName(node: SyntaxNode): string | null {
  if (node.type !== 'MemberExpression' || !isNode(node.object) || !isNode(node.property)) return null
  if (node.object.type !== 'Identifier' || node.property.type !== 'Identifier') return null
  return `${String(node.object.value)}.${String(node.property.value)}`
}
