/** All commands, with what `tocsin help` says. Read next: command.ts, and the folder of a command. */
import { Command } from 'commander'
import manifest from '../package.json' with { type: 'json' }
import { addApply } from './apply/command.ts'
import { addBacktest } from './backtest/command.ts'
import { addCells } from './cells/command.ts'
import { addCompletion } from './completion/command.ts'
import { addDoctor } from './doctor/command.ts'
import { addImport } from './import/command.ts'
import { addKeys } from './keys/command.ts'
import { addDowntimes } from './look/downtimes.ts'
import { addHistory } from './look/history.ts'
import { addStatus } from './look/status.ts'
import { addTried } from './look/tried.ts'
import { addMonitors } from './monitors/command.ts'
import { addReplay } from './replay/options.ts'
import { addReset } from './reset/command.ts'
import type { Terminal } from './terminal.ts'
import { addTest } from './test-scenarios/command.ts'
import { addUp } from './up/command.ts'

export function createProgram(terminal: Terminal): Command {
  const program = new Command('tocsin')
    .description('Tocsin’s command line. Each command has its own help: tocsin help COMMAND')
    .version(manifest.version)
    .exitOverride()
    .showHelpAfterError()
    .configureOutput({
      writeOut: (text) => terminal.say(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, '')),
    })
  for (const add of commands) add(program, terminal)
  return program
}

/** In the order in which help lists them. */
const commands: readonly ((program: Command, terminal: Terminal) => void)[] = [
  addUp,
  addStatus,
  addMonitors,
  addApply,
  addImport,
  addDowntimes,
  addTried,
  addHistory,
  addKeys,
  addTest,
  addBacktest,
  addDoctor,
  addCells,
  addReplay,
  addReset,
  addCompletion,
]
