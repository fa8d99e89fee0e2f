import { appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'

export type LogFile = Readonly<{
  write: (text: string) => void
  /** The last lines written, oldest first, for an error message. */
  tail: () => readonly string[]
  close: () => void
}>

/** Five megabytes hold a day of a quiet engine; with one older file a log never takes more than ten. */
const bytesMax = 5 * 1024 * 1024
/** As many lines as still fit a terminal under an error. */
const tailLines = 15

/** Appends to `path`; past the bound the file becomes `<path>.1` and a new one begins. */
export function openLog(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true })
  let file = openSync(path, 'a', 0o640)
  let bytes = fstatSync(file).size
  let last: string[] = []
  let closed = false
  const rotate = (): void => {
    closeSync(file)
    if (existsSync(path)) renameSync(path, `${path}.1`)
    file = openSync(path, 'a', 0o640)
    bytes = 0
  }
  const append = (text: string): void => {
    try {
      if (bytes > bytesMax) rotate()
      // Written at once, so that the lines before a crash are there; logs are far too small for this to matter.
      appendFileSync(file, text)
      bytes += Buffer.byteLength(text)
    } catch {
      // A full disk costs log lines, never the process that supervises the others.
    }
  }
  return {
    write: (text) => {
      // The last words of a child may come after its log was closed.
      if (closed) return
      append(text)
      last = [...last, ...text.split('\n').filter((line) => line.trim() !== '')].slice(-tailLines)
    },
    tail: () => last,
    close: () => {
      if (!closed) closeSync(file)
      closed = true
    },
  }
}
