/** Marks a switch as exhaustive: a new member of the union fails to compile here. Throws if reached at run time. */
export function assertNever(value: never): never {
  throw new TypeError(`unexpected variant: ${JSON.stringify(value)}`)
}
