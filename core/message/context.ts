/**
 * What a message template may name: blocks, values, times and the group's tags.
 * Never formats a message and never reads a clock: everything follows from the definition and the transition.
 * Read next: flags.ts (the blocks), names.ts (all names there are), render.ts (which renders with it).
 */
import { parseGroupKey } from '../monitor/group.ts'
import type { Transition } from '../monitor/types.ts'
import { type RenderedAlert, renderAlert } from '../prometheus-template/rule.ts'
import { prometheusRuleOf } from '../prometheus-template/rule-option.ts'
import { flagsOf } from './flags.ts'
import { isoTime } from './format.ts'

/** The parts of a definition that names are made of. */
export type MessageDefinition = Readonly<{ query: string; options: Readonly<Record<string, unknown>> }>

export type ContextValue = string | number | boolean | null

/** A tag `host:web-1` is `host.name`, so that `{{host.name}}` and `{{[a.dotted.key].name}}` find it; a block is true or false. */
export type MessageContext = Readonly<Record<string, ContextValue>>

/** All names of a message's template. Names of the engine win over a tag of the same name; null prints as nothing. */
export function messageContext(definition: MessageDefinition, transition: Transition): MessageContext {
  return {
    ...tagNames(transition.group),
    ...thresholdNames(definition),
    ...timeNames(transition),
    ...annotationNames(definition, transition),
    value: transition.value,
    ...flagsOf(transition),
  }
}

/** What a name stands for; undefined = nothing has it. `host` is short for `host.name`, and a facet may go without its @. */
export function lookUp(context: MessageContext, name: string): ContextValue | undefined {
  const bare = name.startsWith('@') ? name.slice(1) : `@${name}`
  const spelling = [name, `${name}.name`, bare, `${bare}.name`].find((candidate) => Object.hasOwn(context, candidate))
  return spelling === undefined ? undefined : context[spelling]
}

function tagNames(group: string): MessageContext {
  return Object.fromEntries(Object.entries(parseGroupKey(group)).map(([key, value]) => [`${key}.name`, value]))
}

/** As messages name them: `annotation.summary`. */
export function annotationContext({ annotations }: Pick<RenderedAlert, 'annotations'>): MessageContext {
  return Object.fromEntries(Object.entries(annotations).map(([name, text]) => [`annotation.${name}`, text]))
}

/** Of a rule of Prometheus: `annotation.summary` is the annotation, rendered by its own templates. */
function annotationNames({ options }: MessageDefinition, { group, value }: Transition): MessageContext {
  if (prometheusRuleOf(options.prometheus) === null) return {}
  return annotationContext(renderAlert({ name: '', options }, group, value))
}

function thresholdNames({ query, options }: MessageDefinition): MessageContext {
  const comparison = comparisonOf(query)
  const thresholds = isRecord(options.thresholds) ? options.thresholds : {}
  return {
    threshold: numberOf(thresholds.critical) ?? comparison?.threshold ?? null,
    warn_threshold: numberOf(thresholds.warning),
    ok_threshold: numberOf(thresholds.ok),
    alert_recovery_threshold: numberOf(thresholds.critical_recovery),
    warn_recovery_threshold: numberOf(thresholds.warning_recovery),
    comparator: comparison?.comparator ?? null,
  }
}

function timeNames({ slot, firstTriggeredAt, lastTriggeredAt }: Transition): MessageContext {
  return {
    first_triggered_at: firstTriggeredAt === null ? null : isoTime(firstTriggeredAt),
    first_triggered_at_epoch: firstTriggeredAt,
    last_triggered_at: lastTriggeredAt === null ? null : isoTime(lastTriggeredAt),
    last_triggered_at_epoch: lastTriggeredAt,
    triggered_duration_sec: firstTriggeredAt === null ? null : Math.max(0, Math.round((slot - firstTriggeredAt) / 1000)),
  }
}

/** Every query language here ends in its comparison, so its end can be read without its grammar. */
function comparisonOf(query: string): Readonly<{ comparator: string; threshold: number | null }> | null {
  const [, comparator, number] = /(>=|<=|==|!=|>|<)\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)$/.exec(query.trimEnd()) ?? []
  return comparator === undefined ? null : { comparator, threshold: numberOf(Number(number)) }
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
