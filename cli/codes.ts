/** What every command ends with, so that scripts can tell: docs/how-to/cli.md. */
export const exitCodes = {
  done: 0,
  /** The answer is no: a difference, a scenario that failed, something that isn't well, a question that was answered with no. */
  no: 1,
  /** The command line, a file, a definition, or what was named by id, is wrong. */
  wrong: 2,
  /** The server can't answer now, or doesn't know the keys. */
  unavailable: 3,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** Ends a command: one sentence or several lines for people, and the exit code. */
export class CommandError extends Error {
  readonly exitCode: ExitCode
  constructor(message: string, exitCode: ExitCode = exitCodes.wrong) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
