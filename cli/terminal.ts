/** What commands speak through: results on standard output, all else on standard error. Read next: command.ts. */
import { createInterface } from 'node:readline/promises'

export type Terminal = Readonly<{
  /** A line of the result. */
  say: (line: string) => void
  /** A line for people beside it. */
  complain: (line: string) => void
  /** Of the terminal; null = standard output is none, and nothing is coloured. */
  columns: number | null
  /** Yes or no; null = there is nobody to be asked. */
  confirm: ((question: string) => Promise<boolean>) | null
  /** Says how far long work is, over and over in one line; `null` takes the line away. Says nothing where nobody looks. */
  progress: (text: string | null) => void
}>

export function processTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  return {
    say: (line) => void stdout.write(`${line}\n`),
    complain: (line) => void stderr.write(`${line}\n`),
    columns: stdout.isTTY ? stdout.columns : null,
    confirm: stdin.isTTY && stderr.isTTY ? confirm : null,
    progress: (text) => {
      if (stderr.isTTY) stderr.write(`\r\u001b[2K${text ?? ''}`)
    },
  }
}

async function confirm(question: string): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await asking.question(`${question} [y/N] `)
  asking.close()
  return /^y(es)?$/i.test(answer.trim())
}
