/**
 * `tocsin COMMAND …`: the command line. Hands the words to the program and ends with its code; never does anything itself.
 * Read next: program.ts, command.ts, and one folder per command.
 */
import { CommanderError } from 'commander'
import { exitCodes } from './codes.ts'
import { createProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

// Whoever reads the first lines only (head, less) is no error.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(exitCodes.done)
  throw error
})

try {
  await createProgram(processTerminal()).parseAsync(process.argv)
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help that was asked for is an answer; help because nothing was asked for isn't.
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.wrong
}
