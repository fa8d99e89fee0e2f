import { TemplateFailure } from './failure.ts'
import type { Call, TemplateNode } from './nodes.ts'

/** Nodes put together in the order of the text. Each throws a TemplateFailure where blocks don't fit together. */
export type Tree = Readonly<{
  add: (node: TemplateNode) => void
  open: (call: Call, how: Opening) => void
  /** Goes over to the other side of the block that is open. */
  otherwise: (offset: number) => void
  close: (name: string, offset: number) => void
  finish: () => readonly TemplateNode[]
}>

/** `chained`: by `{{else name}}`, so it is closed together with the block it belongs to. */
export type Opening = Readonly<{ offset: number; negated: boolean; chained: boolean }>

/** A block that isn't closed yet; `second` is null until its else. */
type Open = Opening & { readonly call: Call; readonly first: TemplateNode[]; second: TemplateNode[] | null }

/** Blocks inside blocks: more than anybody reads, and few enough for recursive code. */
const nestingMax = 50

export function growTree(): Tree {
  const root: TemplateNode[] = []
  const blocks: Open[] = []

  function add(node: TemplateNode): void {
    if (node.kind === 'text' && node.text === '') return
    const block = blocks.at(-1)
    const here = block === undefined ? root : (block.second ?? block.first)
    here.push(node)
  }

  function open(call: Call, how: Opening): void {
    if (blocks.length >= nestingMax) throw new TemplateFailure(`blocks are nested deeper than ${nestingMax}`, how.offset)
    blocks.push({ ...how, call, first: [], second: null })
  }

  function otherwise(offset: number): void {
    const block = blocks.at(-1)
    if (block === undefined) throw new TemplateFailure('else stands outside of any block', offset)
    if (block.second !== null) throw new TemplateFailure(`a second else in the block ${block.call.name}`, offset)
    block.second = []
  }

  function close(name: string, offset: number): void {
    while (blocks.at(-1)?.chained === true) leave()
    const block = blocks.at(-1)
    if (block === undefined) throw new TemplateFailure(`{{/${name}}} closes a block that isn’t open`, offset)
    const { name: opened, place } = block.call
    if (opened !== name) {
      throw new TemplateFailure(`expected {{/${opened}}} for the block of line ${place.line}, but {{/${name}}} stands there`, offset)
    }
    leave()
  }

  function leave(): void {
    const block = blocks.pop()
    if (block !== undefined) add(nodeOf(block))
  }

  function finish(): readonly TemplateNode[] {
    const block = blocks.at(-1)
    if (block === undefined) return root
    const { name } = block.call
    throw new TemplateFailure(`the block ${name} is never closed: {{/${name}}} is missing`, block.offset)
  }

  return { add, open, otherwise, close, finish }
}

function nodeOf({ call, negated, first, second }: Open): TemplateNode {
  const [whenTrue, whenFalse] = negated ? [second ?? [], first] : [first, second ?? []]
  return { kind: 'block', call, whenTrue, whenFalse }
}
