/** What the grammars' actions make nodes with: canonical ones, so that texts which mean the same become the same. */
import { canonicalArguments } from './arguments.ts'
import type { Argument } from './metric-nodes.ts'
import type { Carry } from './places.ts'

export type MethodSyntax = Readonly<{ name: string; args: readonly Argument[]; at: number }>

export function arithmetic<Node>(operator: '+' | '-' | '*' | '/', left: Node, right: Node) {
  return { kind: 'arithmetic' as const, operator, left, right }
}

export function call<Node>(name: string, of: Node, args: readonly Argument[], carry: Carry) {
  return { kind: 'call' as const, name, of, args: canonicalArguments(name, args, carry) }
}

export function number(value: number) {
  return { kind: 'number' as const, value }
}

/** `-5` is a number, not the negative of one. */
export function negative<Node extends Readonly<{ kind: string; value?: unknown }>>(of: Node) {
  // 0 − 0 is 0, where −0 would be another number than what is printed.
  if (of.kind === 'number' && typeof of.value === 'number') return number(0 - of.value)
  return { kind: 'negative' as const, of }
}
