/**
 * Whether the texts of a definition can be rendered, told when it is written: what is broken is an error, what nothing knows a warning.
 * Never renders. Read next: names.ts, template/helpers.ts.
 */
import { askingBlocks, blockNames, helperNames, nameKind, nearestName, valueNames } from './names.ts'
import { textOf } from './template/conditions.ts'
import { wrongWith } from './template/helpers.ts'
import type { Call, TemplateNode } from './template/nodes.ts'
import { parseTemplate } from './template/parse.ts'
import { namesIn, parseSum } from './template/sum-syntax.ts'

export type CheckedMessage = Readonly<{
  /** Nothing may be stored with one of these. Sentences with field, line and column. */
  errors: readonly string[]
  warnings: readonly string[]
}>

type Texts = Readonly<{ name: string; message: string; options: Readonly<Record<string, unknown>> }>

/** What else is wrong will be seen when these are right. */
const warningsMax = 20
const namesTold = 10

/** `tagKeys`: the keys whose values a message can name; null = only the source's answer tells. */
export function checkMessage({ name, message, options }: Texts, tagKeys: readonly string[] | null): CheckedMessage {
  const escalation = options.escalation_message
  const texts = { name, message, ...(typeof escalation === 'string' ? { 'options.escalation_message': escalation } : {}) }
  const errors: string[] = []
  const warnings: string[] = []
  for (const [field, text] of Object.entries(texts)) {
    const parsed = parseTemplate(text)
    if (!parsed.ok) {
      errors.push(`${field}: ${parsed.error.message} (line ${parsed.error.place.line}, column ${parsed.error.place.column})`)
      continue
    }
    for (const { call, block } of callsOf(parsed.nodes)) {
      const place = `(line ${call.place.line}, column ${call.place.column})`
      const wrong = wrongWith(call)
      if (wrong !== null) errors.push(`${field}: ${call.name}: ${wrong} ${place}`)
      else warnings.push(...warningsOf(call, block, tagKeys).map((warning) => `${field}: ${warning} ${place}`))
    }
  }
  return { errors: errors.slice(0, warningsMax), warnings: [...new Set(warnings)].slice(0, warningsMax) }
}

type Found = Readonly<{ call: Call; block: boolean }>

function callsOf(nodes: readonly TemplateNode[]): Found[] {
  return nodes.flatMap((node): Found[] => {
    if (node.kind === 'text') return []
    if (node.kind === 'value') return [{ call: node.call, block: false }]
    return [{ call: node.call, block: true }, ...callsOf(node.whenTrue), ...callsOf(node.whenFalse)]
  })
}

function warningsOf(call: Call, block: boolean, tagKeys: readonly string[] | null): string[] {
  const asked = call.arguments[0]
  if (asked === undefined) return unknownName(call.name, block, tagKeys)
  if (!isIn(block ? askingBlocks : helperNames, call.name)) {
    return [unknown(block ? 'block' : 'helper', call.name, block ? [...askingBlocks, ...blockNames] : helperNames)]
  }
  return namesAskedFor(call.name, textOf(asked)).flatMap((name) => unknownName(name, false, tagKeys))
}

/** Names that stand in the arguments of a call. */
function namesAskedFor(call: string, first: string): readonly string[] {
  if (call === 'eval') {
    const parsed = parseSum(first)
    return parsed.ok ? namesIn(parsed.sum) : []
  }
  return call === 'is_priority' || call === 'override_priority' ? [] : [first]
}

function unknownName(name: string, block: boolean, tagKeys: readonly string[] | null): string[] {
  switch (nameKind(name)) {
    case 'known':
    case 'carried':
      return []
    case 'tag':
      return unknownTag(name.slice(0, -'.name'.length), tagKeys)
    case 'unknown':
      if (tagKeys?.some((key) => sameKey(key, name)) === true) return []
      return [unknown(block ? 'block' : 'variable', name, block ? [...blockNames, ...askingBlocks] : [...valueNames, ...blockNames])]
  }
}

/** A tag by which nothing is grouped is never there. */
function unknownTag(key: string, tagKeys: readonly string[] | null): string[] {
  // `host.name` may be the key itself.
  if (tagKeys === null || tagKeys.some((known) => sameKey(known, key) || sameKey(known, `${key}.name`))) return []
  const groups =
    tagKeys.length === 0 ? 'notifications have no tags of a group' : `notifications have the tags ${tagKeys.slice(0, namesTold).join(', ')}`
  return [`{{${key}.name}} is always empty: ${groups}`]
}

function sameKey(one: string, other: string): boolean {
  return one.replace(/^@/, '') === other.replace(/^@/, '')
}

function unknown(what: string, name: string, names: readonly string[]): string {
  const near = nearestName(name, names)
  const outcome = what === 'block' ? 'and never renders' : what === 'variable' ? 'and stays empty' : 'and stands as it is written'
  return `the ${what} ${JSON.stringify(name.slice(0, 100))} is unknown ${outcome}${near === null ? '' : `: did you mean ${near}?`}`
}

function isIn(names: readonly string[], name: string): boolean {
  return names.includes(name)
}
