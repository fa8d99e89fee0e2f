import { knownVariables } from '../adapters/postgres/queries/webhook-variables.ts'
import { namesInPayload } from '../core/message/payload.ts'
import { isBuiltInVariable } from '../core/message/payload-values.ts'
import type { AppDeps } from './deps.ts'

/** More than these say nothing more to the reader. */
const namesShownMax = 20

/** Names of variables that stand for nothing: a slip, or one that comes later. Left out where there are none. */
export async function variableWarnings(
  pool: AppDeps['pool'],
  config: Readonly<Record<string, unknown>>,
): Promise<Readonly<{ warnings?: readonly string[] }>> {
  const texts = Object.values(config).filter((value) => typeof value === 'string')
  const names = [...new Set(texts.flatMap(namesInPayload))].filter((name) => !isBuiltInVariable(name))
  const known = await knownVariables(pool, names)
  const unknown = names.filter((name) => !known.has(name)).slice(0, namesShownMax)
  if (unknown.length === 0) return {}
  return { warnings: unknown.map((name) => `$${name} stands for nothing and is sent as it is written: create it as a custom variable`) }
}
