/**
 * A definition as somebody would write it by hand: what is as it is anyway left out. Mutes stay on the server.
 * Read next: options.ts, cli/apply/export.ts, api/routes/export.ts.
 */
import type { MonitorDefinition } from './monitor.ts'
import { withDefaults } from './options.ts'

/** As POST /api/v1/monitor takes it. */
export function leanDefinition(definition: MonitorDefinition): Readonly<Record<string, unknown>> {
  const { type, name, query, message, tags, priority, restricted_roles: roles, options, draft_status: draft, assets } = definition
  const ours = optionsOf(options, withDefaults(type, {}))
  return {
    type,
    name,
    query,
    ...(message === '' ? {} : { message }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(priority === null ? {} : { priority }),
    ...(roles === null ? {} : { restricted_roles: roles }),
    ...(draft === 'published' ? {} : { draft_status: draft }),
    ...(assets.length === 0 ? {} : { assets }),
    ...(Object.keys(ours).length === 0 ? {} : { options: ours }),
  }
}

/** Those that aren't what they are anyway. */
function optionsOf(options: object, defaults: object): Readonly<Record<string, unknown>> {
  const standard: Readonly<Record<string, unknown>> = { ...defaults }
  return Object.fromEntries(
    Object.entries(options).filter(
      ([name, value]) => name !== 'silenced' && value !== undefined && JSON.stringify(value) !== JSON.stringify(standard[name]),
    ),
  )
}
