/** How much of a message a receiver takes: blocks are written whole or cut in their text, never in what it is written in. */
import { type Block, headOf, largest, plainBlock, plainRun, tailOf } from './markdown-blocks.ts'

export type BlockWriter<T> = Readonly<{
  write: (block: Block) => T
  /** What it counts of a page. Each character of a block's text counts one at least. */
  size: (written: T) => number
}>

export type Bounds = Readonly<{ pageSize: number; pagesMax: number }>

/** Stands where the rest is missing. */
const cutNote: Block = { ...plainBlock, runs: [{ ...plainRun, text: '… The rest is cut: this receiver takes no more.', italic: true }] }

/** The blocks on as many pages as there may be; what doesn't fit is left out, and a note says so. */
export function paginate<T>(blocks: readonly Block[], writer: BlockWriter<T>, bounds: Bounds): T[][] {
  const book = openBook(writer, bounds)
  for (const block of blocks) {
    if (!putBlock(book, block, writer)) {
      book.finish(writer.write(cutNote))
      break
    }
  }
  return book.pages
}

type Book<T> = Readonly<{
  pages: T[][]
  /** What the page at hand has left; on the last one the note's place is kept free. */
  room: () => number
  isFresh: () => boolean
  put: (written: T) => void
  /** A new page; false = there are no more. */
  turn: () => boolean
  finish: (written: T) => void
}>

function openBook<T>({ write, size }: BlockWriter<T>, { pageSize, pagesMax }: Bounds): Book<T> {
  const noteSize = size(write(cutNote))
  const pages: T[][] = [[]]
  let used = 0
  return {
    pages,
    room: () => pageSize - used - (pages.length === pagesMax ? noteSize : 0),
    isFresh: () => used === 0,
    put: (written) => {
      pages.at(-1)?.push(written)
      used += size(written)
    },
    turn: () => {
      if (pages.length === pagesMax) return false
      pages.push([])
      used = 0
      return true
    },
    finish: (written) => {
      pages.at(-1)?.push(written)
    },
  }
}

/** false = not all of it, and there is no room for more. */
function putBlock<T>(book: Book<T>, block: Block, writer: BlockWriter<T>): boolean {
  let rest = block
  for (;;) {
    const whole = writer.write(rest)
    if (writer.size(whole) <= book.room()) {
      book.put(whole)
      return true
    }
    const length = fitting(rest, writer, book.room())
    if (length > 0) book.put(writer.write(headOf(rest, length)))
    // Not one character on a page of its own: none will ever fit.
    else if (book.isFresh()) return false
    if (!book.turn()) return false
    rest = length > 0 ? tailOf(rest, length) : rest
  }
}

function fitting<T>(block: Block, { write, size }: BlockWriter<T>, room: number): number {
  const characters = block.runs.reduce((sum, { text }) => sum + text.length, 0)
  return largest(Math.min(characters - 1, room), (count) => size(write(headOf(block, count))) <= room)
}
