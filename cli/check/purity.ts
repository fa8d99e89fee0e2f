import { freeName, isNode, memberName, type SyntaxNode, visitSyntax } from './syntax.ts'

/** Names that core never says, and where the thing comes from instead. */
const forbiddenNames: Readonly<Record<string, string>> = {
  Promise: 'core never waits: let an activity do it',
  performance: 'time is data: take `at` from the event',
  setTimeout: 'time is data: answer when something is due, the workflow sleeps',
  setInterval: 'time is data: answer when something is due, the workflow sleeps',
  setImmediate: 'core never waits',
  queueMicrotask: 'core never waits',
  process: 'core has no environment: take a value as an argument',
  globalThis: 'core has no environment: take a value as an argument',
  console: 'core says nothing: answer a reason as data',
  fetch: 'core reaches nothing: let an activity do it',
  crypto: 'core knows no chance: derive from what is given',
  Buffer: 'core runs without Node',
  require: 'core imports core only',
  Intl: 'what it answers depends on the machine: let an adapter do it',
}

const forbiddenMembers: Readonly<Record<string, string>> = {
  'Date.now': 'time is data: take `at` from the event',
  'Math.random': 'core knows no chance: derive from what is given',
}

/** What makes a file of core impure: one finding a line, as `file:line what: what to do instead`. */
export function findImpurities(file: string, source: string): string[] {
  const findings: string[] = []
  visitSyntax(source, (node, parents, line) => {
    const finding = judge(node, parents)
    if (finding !== null) findings.push(`${file}:${line()} ${finding}`)
  })
  return findings
}

function judge(node: SyntaxNode, parents: readonly SyntaxNode[]): string | null {
  const name = freeName(node, parents)
  if (name !== null && Object.hasOwn(forbiddenNames, name)) return `${name}: ${forbiddenNames[name]}`
  const member = memberName(node)
  if (member !== null && Object.hasOwn(forbiddenMembers, member)) return `${member}: ${forbiddenMembers[member]}`
  if (node.type === 'AwaitExpression') return 'await: core never waits'
  if (node.async === true) return 'async: core never waits'
  if (isClock(node)) return 'new Date(): time is data: take `at` from the event'
  return judgeImport(node)
}

/** A Date of nothing is the clock; a Date of a number is arithmetic. Called as a function it is the clock whatever it is given. */
function isClock(node: SyntaxNode): boolean {
  if (node.type !== 'NewExpression' && node.type !== 'CallExpression') return false
  const { callee } = node
  if (!isNode(callee) || callee.type !== 'Identifier' || callee.value !== 'Date') return false
  return node.type === 'CallExpression' || !Array.isArray(node.arguments) || node.arguments.length === 0
}

function judgeImport(node: SyntaxNode): string | null {
  if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Import') return 'import(): core never waits'
  if (!('source' in node) || !isNode(node.source) || typeof node.source.value !== 'string') return null
  const path = node.source.value
  return path.startsWith('.') ? null : `import of ${path}: core imports core only`
}
