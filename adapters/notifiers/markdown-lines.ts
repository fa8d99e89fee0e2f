/** Blocks as lines of text, for receivers whose markup is made of signs. Read next: slack-text.ts, discord-text.ts, telegram-text.ts. */
import type { Block, Run } from './markdown-blocks.ts'
import type { BlockWriter } from './markdown-pages.ts'

export type LineMarkup = Readonly<{
  run: (run: Run) => string
  /** Lines as they are. */
  fence: (text: string) => string
  quote: (text: string) => string
  /** What it counts of the receiver's bound; absent = its characters. */
  size?: (written: string) => number
}>

/** Each written block begins with the line breaks that part it from the one before. */
export function lineWriter({ run, fence, quote, size = ({ length }) => length }: LineMarkup): BlockWriter<string> {
  return {
    write: (block) => {
      const text = block.code
        ? fence(block.runs.map((part) => part.text).join(''))
        : placed(block, block.runs.map((part) => run(block.heading ? { ...part, bold: true } : part)).join(''))
      return `${block.tight ? '\n' : '\n\n'}${block.quote ? quote(text) : text}`
    },
    size,
  }
}

/** A page of a lineWriter as one text. */
export function pageText(page: readonly string[]): string {
  return page.join('').replace(/^\n+/, '')
}

/** Signs around each line: around several they mean nothing to some, nor beside blanks. */
export function around(text: string, open: string, close = open): string {
  return text
    .split('\n')
    .map((line) =>
      line.replace(/^(\s*)(.*?)(\s*)$/su, (_all, before, inside, after) =>
        inside === '' ? line : `${before}${open}${inside}${close}${after}`,
      ),
    )
    .join('\n')
}

function placed({ indent, marker }: Block, text: string): string {
  const margin = '    '.repeat(indent)
  return margin === '' && marker === '' ? text : `${margin}${marker}${text.replaceAll('\n', `\n${margin}`)}`
}
