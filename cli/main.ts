/**
 * `tocsin COMMAND …`: the command line. Finds the command and ends with its code; never does anything itself.
 * Read next: one folder per command.
 */
import { backtestCommand } from './backtest/command.ts'
import { testCommand } from './test-scenarios/command.ts'

const usage = `usage: tocsin COMMAND …
  test FILE…                        run scenario files offline, see docs/scenarios.md
  backtest MONITOR.json --from …    what a monitor would have done, see docs/how-to/backtest.md`

process.exitCode = await main(process.argv.slice(2))

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'test':
      return testCommand(args, console.log, console.error)
    case 'backtest':
      return backtestCommand(args, {
        say: console.log,
        complain: console.error,
        columns: process.stdout.isTTY ? process.stdout.columns : null,
      })
    case 'help':
    case '--help':
    case '-h':
      console.log(usage)
      return 0
    default:
      console.error(command === undefined ? usage : `tocsin knows no command ${JSON.stringify(command)}\n${usage}`)
      return 2
  }
}
