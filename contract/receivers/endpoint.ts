import { z } from 'zod'

/** What proxies and servers take as a request line, with room for the API's own path. */
const urlCharsMax = 1_024
/** Keys and passwords of services have up to some hundred characters. */
const secretCharsMax = 1_000

/** Where a receiver's API begins, without the API's own path and without a slash at the end. */
export function endpointUrl(example: string) {
  return z
    .string()
    .max(urlCharsMax)
    .superRefine((text, context) => {
      const wrong = wrongEndpoint(text, example)
      if (wrong !== null) context.addIssue({ code: 'custom', message: wrong })
    })
    .transform((text) => text.replace(/\/+$/, ''))
}

/** A key or password that is sent in a header or a body: printable, so that it can't begin a header of its own. */
export const secretText = z
  .string()
  .max(secretCharsMax)
  .regex(/^[\x21-\x7e]+$/, 'expected printable characters without blanks')

function wrongEndpoint(text: string, example: string): string | null {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return `expected an address, as ${example}`
  if (url.username !== '' || url.password !== '') return 'a user and a password are fields of their own, not a part of the address'
  return url.search === '' && url.hash === '' ? null : 'expected an address without parameters'
}
