/** Where the nesting of round brackets grows deeper than `depthMax`, if it does. The generated parsers are recursive. */
export function nestingOffset(text: string, depthMax: number): number | null {
  let depth = 0
  for (let offset = 0; offset < text.length; offset += 1) {
    if (text[offset] === '(') depth += 1
    if (text[offset] === ')') depth -= 1
    if (depth > depthMax) return offset
  }
  return null
}
