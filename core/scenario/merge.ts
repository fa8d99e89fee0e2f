/** In these null is a value of its own: a mute without an end. They are replaced as a whole. */
const wholes: readonly string[] = ['silenced']

type JsonObject = Readonly<Record<string, unknown>>

/** One JSON object laid over another: objects are merged, null removes a field, anything else replaces it (RFC 7396). */
export function mergePatch(base: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(base))
  for (const [name, value] of Object.entries(patch)) {
    const before = merged.get(name)
    if (value === null) merged.delete(name)
    else merged.set(name, isObject(value) && !wholes.includes(name) ? mergePatch(isObject(before) ? before : {}, value) : value)
  }
  return Object.fromEntries(merged)
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
