import Handlebars from 'handlebars'
import type { MessageContext } from '../../core/message/context.ts'
import { boundText } from '../../core/message/format.ts'
import { refuseForeign, refuseHuge } from './language.ts'

export type CompiledTemplate = Readonly<
  { kind: 'compiled'; render: (context: MessageContext) => string } | { kind: 'refused'; reason: string }
>

/** Compiled templates take some 10 KB each; a worker renders for few monitors at a time. */
const cachedTemplatesMax = 200

/** Handlebars knows these by itself; the message language doesn't have them. */
const foreignHelpers = { each: false, with: false, lookup: false, log: false, if: false, unless: false }

/** Compiles templates of the message language (language.ts), each text once. Never throws. */
export function templateCompiler(): (text: string) => CompiledTemplate {
  const handlebars = Handlebars.create()
  for (const helper of Object.keys(foreignHelpers)) handlebars.unregisterHelper(helper)
  const cache = new Map<string, CompiledTemplate>()

  return (text) => {
    const known = cache.get(text)
    if (known !== undefined) return known
    const compiled = compileTemplate(handlebars, text)
    const oldest = cache.keys().next()
    if (cache.size >= cachedTemplatesMax && oldest.done !== true) cache.delete(oldest.value)
    cache.set(text, compiled)
    return compiled
  }
}

function compileTemplate(handlebars: typeof Handlebars, text: string): CompiledTemplate {
  try {
    refuseHuge(text)
    const program = handlebars.parse(text)
    refuseForeign(program)
    const template = handlebars.compile<MessageContext>(program, { noEscape: true, data: false, knownHelpers: foreignHelpers })
    const runtime = { allowProtoPropertiesByDefault: false, allowProtoMethodsByDefault: false }
    return { kind: 'compiled', render: (context) => template(context, runtime) }
  } catch (error) {
    return { kind: 'refused', reason: boundText(error instanceof Error ? error.message : String(error), 1_000) }
  }
}
