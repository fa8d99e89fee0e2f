/**
 * Monitors as resources of Datadog's Terraform provider, which writes to this API as it does to Datadog's. What the provider has no word for
 * stands in comments: nothing is lost in silence. Pure. Read next: hcl.ts, docs/how-to/with-terraform.md.
 */
import { type Attributes, type Block, bodyLines, quoted } from './hcl.ts'

type Fields = Readonly<Record<string, unknown>>

/** As POST /api/v1/monitor takes it, defaults left out; `id` to tell equal names apart, and to import what is there. */
export type ExportedMonitor = Readonly<{ id: number; definition: Fields }>

/** A whole file. Resources are called as their monitors, in small letters; equal names have their id behind. */
export function terraformOf(monitors: readonly ExportedMonitor[]): string {
  const slugs = monitors.map(({ definition }) => slugOf(textOf(definition.name) ?? ''))
  const once = (slug: string): boolean => slugs.indexOf(slug) === slugs.lastIndexOf(slug)
  return monitors.map((monitor, n) => resourceOf(monitor, once(slugs[n] ?? '') ? (slugs[n] ?? '') : `${slugs[n]}_${monitor.id}`)).join('\n')
}

/** Types that are ours: the provider refuses them. */
const ownTypes = ['promql alert', 'sql alert', 'http alert', 'heartbeat alert']

/** Options that are attributes of the same name. */
const sameNames = [
  'notify_no_data',
  'no_data_timeframe',
  'on_missing_data',
  'renotify_interval',
  'renotify_occurrences',
  'renotify_statuses',
  'escalation_message',
  'evaluation_delay',
  'new_group_delay',
  'new_host_delay',
  'require_full_window',
  'timeout_h',
  'group_retention_duration',
  'notify_by',
  'include_tags',
  'notify_audit',
  'notification_preset_name',
  'locked',
  'groupby_simple_monitor',
  'enable_logs_sample',
] as const
const asBlocks = ['thresholds', 'threshold_windows', 'scheduling_options', 'variables']

function resourceOf({ id, definition }: ExportedMonitor, name: string): string {
  const options = fieldsOf(definition.options)
  const attributes: Attributes = [
    ['name', textOf(definition.name)],
    ['type', textOf(definition.type)],
    ['query', textOf(definition.query)],
    // The provider wants one, and takes an empty one.
    ['message', textOf(definition.message) ?? ''],
    ['priority', typeof definition.priority === 'number' ? String(definition.priority) : null],
    ['tags', textsOf(definition.tags)],
    ['restricted_roles', textsOf(definition.restricted_roles)],
    ['draft_status', textOf(definition.draft_status)],
    ...sameNames.map((option) => [option, hclOf(options[option])] as const),
  ]
  const blocks = [...optionBlocks(options), ...variableBlocks(options.variables), ...assetBlocks(definition.assets)]
  const lines = [
    ...remarksOn(id, name, definition, options).map((remark) => `# ${remark}`),
    `resource "datadog_monitor" ${quoted(name)} {`,
    ...bodyLines({ attributes, blocks }, 1),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function remarksOn(id: number, name: string, { type }: Fields, options: Fields): string[] {
  const own = Object.keys(options).filter((name) => !sameNames.some((same) => same === name) && !asBlocks.includes(name))
  const untold = untoldVariables(options.variables)
  return [
    `terraform import datadog_monitor.${name} ${id}`,
    ...(ownTypes.some((ours) => ours === type)
      ? [`The provider doesn’t know the type ${String(type)}: keep this monitor in a file of tocsin apply.`]
      : []),
    ...own.map((option) => `The provider has no option ${option}: ${oneLine(JSON.stringify(options[option]))}`),
    ...untold.map((variable) => `The provider has no such variable: ${oneLine(JSON.stringify(variable))}`),
  ]
}

function optionBlocks(options: Fields): Block[] {
  const thresholds = fieldsOf(options.thresholds)
  const windows = fieldsOf(options.threshold_windows)
  const scheduling = fieldsOf(options.scheduling_options)
  const calendar = fieldsOf(scheduling.evaluation_window)
  const { recurrences } = fieldsOf(scheduling.custom_schedule)
  const rules = listOf(recurrences).map(
    (rule): Block => ({ name: 'recurrence', attributes: attributesOf(rule, ['rrule', 'start', 'timezone']) }),
  )
  const timing: Block[] = [
    ...some('evaluation_window', attributesOf(calendar, ['day_starts', 'hour_starts', 'month_starts', 'timezone'])),
    ...(rules.length === 0 ? [] : [{ name: 'custom_schedule', attributes: [], blocks: rules }]),
  ]
  return [
    ...some(
      'monitor_thresholds',
      attributesOf(thresholds, ['critical', 'critical_recovery', 'warning', 'warning_recovery', 'ok', 'unknown']),
    ),
    ...some('monitor_threshold_windows', attributesOf(windows, ['trigger_window', 'recovery_window'])),
    ...(timing.length === 0 ? [] : [{ name: 'scheduling_options', attributes: [], blocks: timing }]),
  ]
}

/** The provider's `event_query` has what is searched; other sources have no block of their own here. */
function variableBlocks(variables: unknown): Block[] {
  const queries = listOf(variables).filter(isEventQuery).map(eventQuery)
  return queries.length === 0 ? [] : [{ name: 'variables', attributes: [], blocks: queries }]
}

function untoldVariables(variables: unknown): Fields[] {
  return listOf(variables).filter((variable) => !isEventQuery(variable))
}

function isEventQuery({ data_source: source, compute }: Fields): boolean {
  return typeof source === 'string' && source !== 'metrics' && source !== 'cloud_cost' && Object.keys(fieldsOf(compute)).length > 0
}

function eventQuery(variable: Fields): Block {
  const groups = listOf(variable.group_by).map((group): Block => {
    const sort = some('sort', attributesOf(fieldsOf(group.sort), ['aggregation', 'metric', 'order']))
    return { name: 'group_by', attributes: attributesOf(group, ['facet', 'limit']), blocks: sort }
  })
  return {
    name: 'event_query',
    attributes: attributesOf(variable, ['data_source', 'name', 'indexes']),
    blocks: [
      ...some('search', attributesOf(fieldsOf(variable.search), ['query'])),
      ...some('compute', attributesOf(fieldsOf(variable.compute), ['aggregation', 'metric', 'interval'])),
      ...groups,
    ],
  }
}

function assetBlocks(assets: unknown): Block[] {
  return listOf(assets).map((asset) => ({
    name: 'assets',
    attributes: attributesOf(asset, ['name', 'url', 'category', 'resource_key', 'resource_type']),
  }))
}

function some(name: string, attributes: Attributes): Block[] {
  return attributes.some(([, value]) => value !== null) ? [{ name, attributes }] : []
}

function attributesOf(fields: Fields, names: readonly string[]): Attributes {
  return names.map((name) => [name, hclOf(fields[name])] as const)
}

function hclOf(value: unknown): string | number | boolean | readonly string[] | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return textsOf(value)
}

function textsOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null
  const texts = value.filter((one) => typeof one === 'string')
  return texts.length === 0 ? null : texts
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : []
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, ' ')
}

/** What Terraform takes as a name. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return /^[a-z]/.test(slug) ? slug : `monitor_${slug}`.replace(/_$/, '')
}
