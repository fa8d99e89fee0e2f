/**
 * `tocsin import …`: what other systems alert upon, made into files that `apply` reads, or stored at once. What can't be taken over is
 * said with its reason, and makes the exit code 1. Read next: prometheus-rules.ts, datadog-monitors.ts, ../apply/carry-out.ts.
 */
import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { z } from 'zod'
import { loadConfig } from '../../config.ts'
import { externalKey } from '../../contract/pages.ts'
import { fromElsewhere } from '../answers.ts'
import { carryOut } from '../apply/carry-out.ts'
import { writeDesired } from '../apply/write.ts'
import { CommandError, exitCodes } from '../codes.ts'
import { act, serverOptions, withServer } from '../command.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'
import { convertAlertmanager } from './alertmanager.ts'
import { fetchSilences } from './alertmanager-silences.ts'
import { type Converted, distinct, joined, type Remark } from './converted.ts'
import { fetchDatadog } from './datadog-fetch.ts'
import { convertDatadog } from './datadog-monitors.ts'
import { parseForeign } from './foreign-yaml.ts'
import { convertRules, isRecording } from './prometheus-rules.ts'

const importOptions = serverOptions.extend({
  dryRun: z.boolean().default(false),
  yes: z.boolean().default(false),
  prune: z.boolean().default(false),
  output: z.string().nullable().default(null),
  tag: z.array(z.string()).default([]),
})
const prefixOf = (standard: string) => z.literal('').or(externalKey).default(standard)
const datadogOptions = importOptions.extend({ fromApi: z.boolean().default(false), prefix: prefixOf('datadog/') })
const prometheusOptions = importOptions.extend({
  prefix: prefixOf('prometheus/'),
  datasource: z.string().nullable().default(null),
  notify: z.string().default(''),
  interval: z.coerce.number().int().min(1).max(86_400).default(60),
  externalLabel: z.array(z.string().regex(/^[a-zA-Z_]\w*=/, 'expected labels like region=eu')).default([]),
  externalUrl: z.string().nullable().default(null),
})

const alertmanagerOptions = importOptions.extend({
  prefix: prefixOf('alertmanager/'),
  silences: z.url('expected an address as http://127.0.0.1:9093').nullable().default(null),
})

export function addImport(program: Command, terminal: Terminal): void {
  const group = program.command('import').description('takes over what other systems alert upon')
  const datadog = withImport(group.command('datadog'), 'datadog/')
    .description('monitors and downtimes of Datadog: the JSON of its API, or its API itself')
    .argument('[file...]', 'JSON: one monitor, a list, or {"monitors": […]}')
    .option('--from-api', 'asks Datadog, with DD_API_KEY, DD_APP_KEY and DD_SITE')
  act(datadog, terminal, datadogOptions, async ({ args, options }) => {
    if (options.fromApi === args.length > 0) throw new CommandError('expected files, or --from-api')
    const files =
      args.length === 0
        ? [{ name: 'datadog', documents: [await fromElsewhere(fetchDatadog(loadConfig().datadog, terminal))] }]
        : await readAll(args)
    const prefix = { prefix: options.prefix, tags: options.tag }
    // Monitors of one file may name those of another.
    const converted = convertDatadog(
      files.flatMap(({ documents }) => documents),
      files.map(({ name }) => name).join(', '),
      prefix,
    )
    return take(converted, options, terminal)
  })
  const alertmanager = withImport(group.command('alertmanager'), 'alertmanager/')
    .description('receivers of Alertmanager, and its routes as notification rules')
    .argument('[file...]', 'configuration files')
    .option('--silences <url>', 'of an Alertmanager: its silences become downtimes')
  act(alertmanager, terminal, alertmanagerOptions, async ({ args, options }) => {
    if (args.length === 0 && options.silences === null) throw new CommandError('expected files, or --silences URL')
    const files = await readAll(args)
    const receivers = files.flatMap(({ name, documents }) => documents.map((one) => convertAlertmanager(one, name, options.prefix)))
    const silences = options.silences === null ? [] : [await fromElsewhere(fetchSilences(options.silences, options.prefix))]
    return take(joined([...receivers, ...silences]), options, terminal)
  })
  const prometheus = withImport(group.command('prometheus'), 'prometheus/')
    .description('alerting rules of Prometheus, VictoriaMetrics or Kubernetes’ operator')
    .argument('<file...>', 'rule files')
    .option('--datasource <name>', 'the source that the monitors ask')
    .option('--notify <handles>', 'goes to the end of each message, as "@slack-ops @pagerduty"')
    .option('--interval <seconds>', 'of groups that say none; 60, as Prometheus has it')
    .option('--external-label <label...>', 'as external_labels of Prometheus: region=eu')
    .option('--external-url <url>', 'as --web.external-url of Prometheus')
  act(prometheus, terminal, prometheusOptions, async ({ args, options }) => {
    const key = distinct()
    const settings = { ...options, tags: options.tag, intervalS: options.interval, externalLabels: labelsOf(options.externalLabel) }
    const files = await readAll(args)
    return take(
      joined(files.flatMap(({ name, documents }) => documents.map((one) => convertRules(one, name, settings, key)))),
      options,
      terminal,
    )
  })
}

function withImport(command: Command, prefix: string): Command {
  return withServer(command)
    .option('--dry-run', 'shows the plan and ends')
    .option('--yes', 'carries the plan out without asking')
    .option('--prune', 'also deletes what an earlier import brought, and is gone')
    .option('--prefix <text>', `of all keys; default ${prefix}`)
    .option('--tag <tag...>', 'goes to each monitor')
    .option('-o, --output <dir>', 'writes the files that apply reads, and stores nothing')
}

function labelsOf(written: readonly string[]): Record<string, string> {
  return Object.fromEntries(written.map((label) => [label.slice(0, label.indexOf('=')), label.slice(label.indexOf('=') + 1)]))
}

type ForeignFile = Readonly<{ name: string; documents: readonly unknown[] }>

async function readAll(names: readonly string[]): Promise<readonly ForeignFile[]> {
  return Promise.all(
    names.map(async (name) => {
      try {
        return { name, documents: parseForeign(await readFile(name, 'utf8')) }
      } catch (error) {
        throw new CommandError(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }),
  )
}

type ImportOptions = z.output<typeof importOptions> & Readonly<{ prefix: string }>

export async function take(converted: Converted, options: ImportOptions, terminal: Terminal): Promise<number> {
  const summary = {
    monitors: converted.monitors.length,
    downtimes: converted.downtimes.length,
    receivers: converted.receivers.length,
    rules: converted.rules.length,
    left_out: converted.leftOut,
    notes: converted.notes,
  }
  if (!options.json) tell(converted, terminal)
  const desired = { ...converted, errors: [] }
  const code =
    options.output === null
      ? await carryOut(desired, { ...options, tolerant: true }, openServer(options), terminal, summary)
      : await write()
  return code === exitCodes.done && converted.leftOut.some((remark) => !isRecording(remark)) ? exitCodes.no : code

  async function write(): Promise<number> {
    const files = await writeDesired(options.output ?? '.', desired)
    if (options.json) terminal.say(JSON.stringify({ ...summary, files }, null, 2))
    else terminal.say(`${files} files written to ${options.output}: tocsin apply -f ${options.output}`)
    return exitCodes.done
  }
}

function tell({ monitors, downtimes, receivers, rules, notes, leftOut }: Converted, { say, complain }: Terminal): void {
  for (const { place, text } of notes) complain(`note: ${place}: ${text}`)
  for (const { place, text } of leftOut) complain(`left out: ${place}: ${text}`)
  const recording = leftOut.filter((remark: Remark) => isRecording(remark)).length
  const parts = [
    `${monitors.length} monitors`,
    ...(downtimes.length > 0 ? [`${downtimes.length} downtimes`] : []),
    ...(receivers.length > 0 ? [`${receivers.length} receivers`] : []),
    ...(rules.length > 0 ? [`${rules.length} notification rules`] : []),
    ...(recording > 0 ? [`${recording} recording rules left where they are`] : []),
    `${leftOut.length - recording} left out`,
    `${notes.length} notes`,
  ]
  say(parts.join(', '))
}
