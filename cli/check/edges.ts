import { isNode, memberName, type SyntaxNode, visitSyntax } from './syntax.ts'

/** Where the environment is read, and why it may. */
export const environmentReaders: Readonly<Record<string, string>> = {
  'config.ts': 'everything that isn’t Temporal',
  'temporal.config.ts': 'where Temporal is and how it is used',
  'cli/bootstrap.mjs': 'runs before anything is installed, and hands the environment on to what it starts',
  'cli/tocsin.mjs': 'hands the environment on to the command line that it starts',
  'cli/up/parts.ts': 'looks for the Temporal CLI in PATH',
  'cli/up/main.ts': 'hands the environment to its own settings and to its children',
  'cli/demo/main.ts': 'hands the environment to the settings of cli/up',
  'cli/check/result.ts': 'hands the environment on to the tools it runs',
}

/** Where the network is reached by HTTP, and why. */
export const fetchers: Readonly<Record<string, string>> = {
  'adapters/http/fetch.ts': 'the engine’s one fetch, with its bounds',
  'cli/http.ts': 'the command line’s one client: it talks to the API only',
}

/** Reads of process.env and calls of fetch outside the places listed above. A fetch that was handed in is somebody else's. */
export function findEdges(file: string, source: string): string[] {
  const environment: string[] = []
  const network: string[] = []
  let ownFetch = false
  visitSyntax(source, (node, parents, line) => {
    if (memberName(node) === 'process.env') environment.push(`${file}:${line()} process.env: ${insteadOfEnvironment}`)
    if (isCallOfFetch(node, parents)) network.push(`${file}:${line()} fetch: ${insteadOfFetch}`)
    if (importsUndici(node)) network.push(`${file}:${line()} undici: ${insteadOfFetch}`)
    ownFetch ||= bindsFetch(node, parents)
  })
  const mayRead = Object.hasOwn(environmentReaders, file)
  const mayFetch = Object.hasOwn(fetchers, file) || ownFetch
  return [...(mayRead ? [] : environment), ...(mayFetch ? [] : network)]
}

const insteadOfEnvironment = 'add the variable to config.ts or temporal.config.ts and take it as an argument'
const insteadOfFetch = 'use request of adapters/http/fetch.ts, which has the bounds'

function isCallOfFetch(node: SyntaxNode, [parent]: readonly SyntaxNode[]): boolean {
  return node.type === 'Identifier' && node.value === 'fetch' && parent?.type === 'CallExpression' && parent.callee === node
}

function importsUndici(node: SyntaxNode): boolean {
  return node.type === 'ImportDeclaration' && isNode(node.source) && node.source.value === 'undici'
}

/** A parameter, a variable or an import of that name. */
function bindsFetch(node: SyntaxNode, [parent]: readonly SyntaxNode[]): boolean {
  if (node.type !== 'Identifier' || node.value !== 'fetch' || parent === undefined) return false
  return (
    parent.type === 'Parameter' ||
    parent.type === 'ImportSpecifier' ||
    (parent.type === 'ArrowFunctionExpression' && Array.isArray(parent.params) && parent.params.includes(node)) ||
    (parent.type === 'VariableDeclarator' && parent.id === node)
  )
}
