/**
 * Addresses of the console's pages: the console shows them, and the API answers each with the same document. `:id` is one part of a path.
 * Never one that the API has itself. Read next: api/console.ts, console/pages.ts.
 */
export const consolePaths = [
  '/',
  '/sign-in',
  '/monitors',
  '/monitors/new',
  '/monitors/:id',
  '/monitors/:id/edit',
  '/downtimes',
  '/incidents',
  '/engine',
  '/keys',
  '/receivers',
  '/receivers/new',
  '/receivers/:name',
  '/sources',
  '/sources/new',
  '/sources/:name',
  '/deliveries',
] as const

export type ConsolePath = (typeof consolePaths)[number]

/** The page of an address, with what stands at its parameters; null = it is none of the console's. */
export function matchConsolePath(address: string): Readonly<{ path: ConsolePath; parameters: Readonly<Record<string, string>> }> | null {
  const given = partsOf(address)
  const matches = consolePaths.flatMap((path) => {
    const parameters = match(partsOf(path), given)
    return parameters === null ? [] : [{ path, parameters }]
  })
  // A page of its own comes before one with a parameter at the same place.
  return matches.sort((one, other) => Object.keys(one.parameters).length - Object.keys(other.parameters).length)[0] ?? null
}

function match(pattern: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (pattern.length !== given.length) return null
  const parameters: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const text = given[index] ?? ''
    if (part.startsWith(':')) parameters[part.slice(1)] = text
    else if (part !== text) return null
  }
  return parameters
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}
