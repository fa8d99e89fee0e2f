/** `tocsin …` as a process of its own, with keys in the environment, in UTC, and with a data directory that holds nothing. */
import { execFile } from 'node:child_process'

const main = new URL('../../cli/main.ts', import.meta.url).pathname
/** As tocsin.mjs starts it. */
const compileCache = new URL('../../node_modules/.cache/compile', import.meta.url).pathname

/** Whatever JSON was printed: tests look into it freely. */
type Json = ReturnType<typeof JSON.parse>
export type Ended = Readonly<{ code: number; out: string; err: string; json: () => Json }>
export type CommandLine = (...args: readonly string[]) => Promise<Ended>

/** Enough for an export of some hundred monitors. */
const outputBytesMax = 64 * 1024 * 1024

export function commandLine(folder: string, environment: Readonly<Record<string, string>>): CommandLine {
  const env = {
    PATH: process.env.PATH,
    TZ: 'UTC',
    TOCSIN_DATA_DIR: folder,
    NO_COLOR: '1',
    NODE_COMPILE_CACHE: compileCache,
    ...environment,
  }
  return (...args) =>
    new Promise((resolve) => {
      execFile(process.execPath, [main, ...args], { cwd: folder, env, maxBuffer: outputBytesMax }, (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
        resolve({ code, out, err, json: () => JSON.parse(out) })
      })
    })
}

/** A thing of a list, in YAML. */
export const indented = (text: string): string =>
  text
    .trim()
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')
