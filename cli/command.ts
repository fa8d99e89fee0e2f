/**
 * How a command becomes an action: its options are parsed, what goes wrong is said once, and its code is how the process ends.
 * Never knows what a command does. Read next: program.ts, server.ts, codes.ts.
 */
import type { Command } from 'commander'
import { z } from 'zod'
import { EnvironmentError } from '../config.ts'
import { CommandError, exitCodes } from './codes.ts'
import { HttpUnreachable } from './http.ts'
import type { Terminal } from './terminal.ts'

export type Given<Options> = Readonly<{ args: readonly string[]; options: Options; terminal: Terminal }>

/** The options that every command has which asks the server. */
export const serverOptions = z.object({
  json: z.boolean().default(false),
  api: z
    .string()
    .refine((text) => URL.canParse(text), 'expected an address as http://127.0.0.1:8080')
    .nullable()
    .default(null),
  apiKey: z.string().nullable().default(null),
  appKey: z.string().nullable().default(null),
})
export type ServerOptions = z.output<typeof serverOptions>

export function withServer(command: Command): Command {
  return command
    .option('--json', 'the answer as JSON, for programs')
    .option('--api <url>', 'the server; default: TOCSIN_URL, or the one that npm start runs')
    .option('--api-key <key>', 'default: TOCSIN_API_KEY, or that of npm start')
    .option('--app-key <key>', 'default: TOCSIN_APP_KEY, or that of npm start')
}

/** `what` ends with the exit code. Everything that it may end with otherwise is said here. */
export function act<Shape extends z.ZodObject>(
  command: Command,
  terminal: Terminal,
  shape: Shape,
  what: (given: Given<z.output<Shape>>) => Promise<number>,
): Command {
  return command.action(async () => {
    process.exitCode = await run(terminal, async () => {
      const options: unknown = command.opts()
      const parsed = shape.safeParse(options)
      if (!parsed.success) throw new CommandError(parsed.error.issues.map(sentenceOf).join('\n'))
      return what({ args: argsOf(command), options: parsed.data, terminal })
    })
  })
}

async function run(terminal: Terminal, what: () => Promise<number>): Promise<number> {
  try {
    return await what()
  } catch (error) {
    terminal.progress(null)
    if (error instanceof CommandError) return failed(terminal, error.message, error.exitCode)
    if (error instanceof EnvironmentError) return failed(terminal, error.message, exitCodes.wrong)
    if (error instanceof HttpUnreachable) return failed(terminal, `${error.message}. Does \`npm start\` run?`, exitCodes.unavailable)
    throw error
  }
}

function failed(terminal: Terminal, message: string, code: number): number {
  terminal.complain(message)
  return code
}

/** Texts, whatever a command's own parsers would make of them. */
function argsOf(command: Command): string[] {
  return command.args.map(String)
}

/** `options.apiKey` was written as `--api-key`. */
function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  return `--${path.join('.').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: ${message}`
}
