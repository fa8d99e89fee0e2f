/**
 * `npm run replay -- <history.json>…`: as `tocsin replay`, which also fetches histories from Temporal.
 * Exits with 0 if all of them would be done again, with 1 if one would not, with 2 if a file can't be read.
 * Read next: command.ts, docs/how-to/inspect-and-reset.md.
 */
import { Command } from 'commander'
import { processTerminal } from '../terminal.ts'
import { addReplay } from './options.ts'

const program = new Command('tocsin')
addReplay(program, processTerminal())
await program.parseAsync(['replay', ...process.argv.slice(2)], { from: 'user' })
