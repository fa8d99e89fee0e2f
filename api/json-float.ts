/** Numbers that JSON clients with integers and floats must read as floats: 2 is written 2.0. */

declare global {
  // A built-in of the running Node that the compiler's library for this target doesn't list yet.
  interface JSON {
    rawJSON(text: string): object
  }
}

export function jsonFloat(value: number): object {
  const text = JSON.stringify(value)
  return JSON.rawJSON(/^-?\d+$/.test(text) ? `${text}.0` : text)
}
