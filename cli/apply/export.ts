/**
 * `tocsin export`: what the server has as files that `apply` finds unchanged. Defaults are left out, members of composites are named by
 * their keys; mutes stay on the server, and secrets of receivers never leave it. Read next: present.ts, files.ts.
 */
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { leanDefinition } from '../../contract/lean.ts'
import { parseDefinition } from '../../contract/parse.ts'
import { terraformOf } from '../../core/export/terraform.ts'
import { exitCodes } from '../codes.ts'
import { type Given, serverOptions } from '../command.ts'
import { openServer } from '../server.ts'
import type { Terminal } from '../terminal.ts'
import { type Body, isObject } from './desired.ts'
import { withKeys } from './members.ts'
import { ruleBody } from './plan-rules.ts'
import { type PresentMonitor, type PresentState, readPresent } from './present.ts'
import type { PresentDowntime } from './present-downtimes.ts'
import type { PresentReceiver } from './present-receivers.ts'
import { type Written, writeFiles, writeText, yaml } from './write.ts'

export const exportOptions = serverOptions.extend({
  output: z.string().nullable().default(null),
  monitorsOnly: z.boolean().default(false),
  format: z.enum(['files', 'terraform']).default('files'),
})

export async function exportCommand({ options, terminal }: Given<z.output<typeof exportOptions>>): Promise<number> {
  if (options.format === 'terraform') return exportTerraform(options.output, await readPresent(openServer(options), terminal), terminal)
  const files = exported(await readPresent(openServer(options), terminal), options.monitorsOnly)
  if (options.output === null) {
    terminal.say((options.json ? JSON.stringify(files, null, 2) : yaml(files)).trimEnd())
    return exitCodes.done
  }
  const written = await writeFiles(options.output, files, options.json)
  terminal.complain(`${written} files written to ${options.output}`)
  return exitCodes.done
}

/** Monitors only: what else there is, its provider writes otherwise. */
async function exportTerraform(output: string | null, present: PresentState, terminal: Terminal): Promise<number> {
  const text = terraformOf(present.monitors.map(({ id, body }) => ({ id, definition: leanBody(body) })))
  if (output === null) {
    terminal.say(text.trimEnd())
    return exitCodes.done
  }
  await writeText(join(output, 'monitors.tf'), text)
  terminal.complain(`${present.monitors.length} monitors written to ${join(output, 'monitors.tf')}`)
  return exitCodes.done
}

function leanBody(body: Body): Body {
  const parsed = parseDefinition(body)
  return parsed.ok ? leanDefinition(parsed.value) : body
}

export function exported(present: PresentState, monitorsOnly: boolean): Written {
  const keys = new Map(present.monitors.map(({ id, key }) => [id, key]))
  const monitors = present.monitors.map((monitor) => exportedMonitor(monitor, keys))
  if (monitorsOnly) return { monitors }
  const downtimes = present.downtimes.map((downtime) => exportedDowntime(downtime, keys))
  const rules = present.rules.map(({ body }) => exportedRule(body))
  const receivers = present.receivers.filter(({ managedBy }) => managedBy !== 'file').map(exportedReceiver)
  return {
    monitors,
    ...(downtimes.length > 0 ? { downtimes } : {}),
    ...(receivers.length > 0 ? { receivers } : {}),
    ...(rules.length > 0 ? { rules } : {}),
  }
}

function exportedMonitor({ key, body }: PresentMonitor, keys: ReadonlyMap<number, string>): Body {
  const parsed = parseDefinition(body)
  // As the server has it, where this version can't read it: better too much than too little.
  if (!parsed.ok) return { key, ...body }
  const { type, query } = parsed.value
  return { key, ...leanDefinition(parsed.value), query: type === 'composite' ? withKeys(query, keys) : query }
}

const standardDowntime: Body = {
  message: null,
  display_timezone: 'UTC',
  mute_first_recovery_notification: false,
  notify_end_types: ['expired'],
}

function exportedDowntime({ key, attributes }: PresentDowntime, keys: ReadonlyMap<number, string>): Body {
  const { status: _status, created: _created, modified: _modified, canceled: _canceled, ...rest } = attributes
  const { monitor_identifier: identifier, schedule, ...others } = rest
  const id = isObject(identifier) ? identifier.monitor_id : undefined
  const monitorKey = typeof id === 'number' ? keys.get(id) : undefined
  return {
    key,
    monitor_identifier: monitorKey === undefined ? identifier : { monitor_key: monitorKey },
    ...(isObject(schedule) ? { schedule: withoutNulls(schedule) } : {}),
    ...Object.fromEntries(Object.entries(others).filter(([name, value]) => !isDeepStrictEqual(value, standardDowntime[name]))),
  }
}

function withoutNulls(schedule: Body): Body {
  return Object.fromEntries(Object.entries(schedule).filter(([name, value]) => value !== null && name !== 'current_downtime'))
}

/** What it doesn't have is left out. */
function exportedRule(body: Body): Body {
  return Object.fromEntries(Object.entries(ruleBody(body)).filter(([, value]) => value !== null))
}

/** Each secret as a variable that has to be set where the file is applied to another server. */
function exportedReceiver({ name, kind, secrets, body: { config, policy } }: PresentReceiver): Body {
  const variable = (field: string): string => `\${${`${name}_${field}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}}`
  return {
    name,
    kind,
    config: { ...(isObject(config) ? config : {}), ...Object.fromEntries(secrets.map((field) => [field, variable(field)])) },
    policy,
  }
}
