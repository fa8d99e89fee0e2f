export type TelegramEntity = Readonly<{ tag: string; offset: number; length: number; href: string | null }>
/** A message as Telegram's server reads it: what people see, and the entities in it. */
export type TelegramText = Readonly<{ text: string; entities: readonly TelegramEntity[] }>

type Open = Readonly<{ tag: string; offset: number; href: string | null }>

const names: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }
const tags = new Set(['b', 'i', 's', 'a', 'code', 'pre', 'blockquote'])

/**
 * Reads the HTML that Telegram documents (core.telegram.org/bots/api#html-style, as of 2026), and throws where its server answers
 * "can't parse entities": unknown tags and names, ends without begins, bare signs; code with anything in it or around it.
 */
export function readTelegramHtml(html: string): TelegramText {
  const entities: TelegramEntity[] = []
  const open: Open[] = []
  let text = ''
  let at = 0
  for (const { 0: sign, 1: closes, 2: tag, 3: href, 4: name, index } of html.matchAll(
    /<(\/?)([a-z]+)(?: href="([^"<>]*)")?>|&([a-z]+);|[<>&]/g,
  )) {
    text += html.slice(at, index)
    at = index + sign.length
    if (name !== undefined) text += nameOf(name)
    else if (tag === undefined || !tags.has(tag)) throw new Error(`a bare ${sign} at ${index}`)
    else if (closes === '') open.push(opened(open, { tag, offset: text.length, href: href?.replaceAll('&amp;', '&') ?? null }))
    else entities.push(closed(open.pop(), tag, text.length))
  }
  if (open.length > 0) throw new Error(`<${open[0]?.tag}> isn't closed`)
  return { text: text + html.slice(at), entities }
}

function opened(around: readonly Open[], entity: Open): Open {
  if (around.some(({ tag }) => tag === 'code' || tag === 'pre' || tag === entity.tag))
    throw new Error(`<${entity.tag}> in itself or in code`)
  if (entity.tag === 'code' && around.some(({ tag }) => tag !== 'blockquote')) throw new Error('code in another entity')
  return entity
}

function closed(entity: Open | undefined, tag: string, end: number): TelegramEntity {
  if (entity?.tag !== tag) throw new Error(`</${tag}> closes nothing`)
  return { ...entity, length: end - entity.offset }
}

function nameOf(name: string): string {
  const sign = names[name]
  if (sign === undefined) throw new Error(`unknown &${name};`)
  return sign
}
