/**
 * Texts with `$NAME` and `$TAGS[key]`, as Datadog's webhooks have them: payloads in JSON, addresses and headers. What is filled into JSON
 * stays JSON, whatever the values: within a text they are escaped, elsewhere each is a value of its own.
 * Never longer than its bound, linear in the text. Read next: payload-values.ts, adapters/notifiers/webhook-payload.ts.
 */
export type PayloadPart = Readonly<
  | { kind: 'text'; text: string }
  /** `key` of `$TAGS[key]`; `quoted` = within a text of JSON; `written` as it stands there. */
  | { kind: 'variable'; name: string; key: string | null; quoted: boolean; written: string }
>

/** What a variable stands for; undefined = nothing is known by this name. */
export type PayloadValues = (name: string, key: string | null) => string | undefined

/** A body of a megabyte is more than receivers take; what goes beyond is cut within the values. */
const filledCharsMax = 1_000_000

/**
 * A variable, or what decides whether one stands within a text of JSON: what is escaped neither begins nor ends a text, and a variable
 * behind a backslash is one all the same (and then it is no JSON). No alternative overlaps another: the time is linear.
 */
const token = /\$(?<name>[A-Z][A-Z0-9_]{0,99})(?:(?<=\$TAGS)\[(?<key>[^\]"\\\r\n]{1,200})\])?|\\[^$]|"/gs

/** The parts of a payload in JSON, or of a text, in which everything counts as quoted. */
export function payloadParts(text: string, language: 'json' | 'text'): PayloadPart[] {
  const parts: PayloadPart[] = []
  let from = 0
  let quoted = language === 'text'
  for (const { index, 0: written, groups } of text.matchAll(token)) {
    const name = groups?.name
    if (written === '"') quoted = language === 'text' || !quoted
    if (name === undefined) continue
    if (index > from) parts.push({ kind: 'text', text: text.slice(from, index) })
    parts.push({ kind: 'variable', name, key: groups?.key ?? null, written, quoted })
    from = index + written.length
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) })
  return parts
}

/** Whether it is JSON with any values: a sentence, or null. */
export function wrongPayload(text: string): string | null {
  const sample = payloadParts(text, 'json').map((part) => (part.kind === 'text' ? part.text : part.quoted ? 'x' : 'null'))
  try {
    JSON.parse(sample.join(''))
    return null
  } catch {
    return 'expected JSON, in which $NAME stands within a text or in the place of a value'
  }
}

/** The names of variables in a text, each once, in order; `$TAGS[key]` is `TAGS`. */
export function namesInPayload(text: string): string[] {
  const names = payloadParts(text, 'text').flatMap((part) => (part.kind === 'variable' ? [part.name] : []))
  return [...new Set(names)]
}

/** JSON for any values. A name that nothing is known by stays as it was written, within a text; elsewhere it is null. */
export function fillPayload(text: string, values: PayloadValues): string {
  return fill(payloadParts(text, 'json'), values, (value, { quoted, written }) => {
    if (quoted) return inText(value ?? written)
    return value === undefined ? 'null' : asValue(value)
  })
}

/** A text for any values, each as `write` puts it. */
export function fillText(text: string, values: PayloadValues, write: (value: string, name: string) => string): string {
  return fill(payloadParts(text, 'text'), values, (value, { name, written }) => (value === undefined ? written : write(value, name)))
}

type Variable = Extract<PayloadPart, { kind: 'variable' }>

function fill(
  parts: readonly PayloadPart[],
  values: PayloadValues,
  write: (value: string | undefined, variable: Variable) => string,
): string {
  let room = filledCharsMax
  const written = parts.map((part) => {
    if (part.kind === 'text') return part.text
    const value = values(part.name, part.key)
    const whole = write(value, part)
    // Escaping makes six of one at most.
    const text = whole.length <= room ? whole : write((value ?? '').slice(0, Math.max(0, Math.floor(room / 6))).toWellFormed(), part)
    room -= text.length
    return text
  })
  return written.join('')
}

function inText(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

/** A number stands as it is, as do true, false and null; anything else is a text, whatever it looks like. */
function asValue(value: string): string {
  return /^(-?(0|[1-9]\d{0,15})(\.\d{1,15})?|true|false|null)$/.test(value) ? value : JSON.stringify(value)
}
