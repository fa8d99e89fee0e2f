import { z } from 'zod'

/** What proxies and servers take as a request line. */
const addressCharactersMax = 2_048

/** Where a receiver is reached by HTTP. Whoever may write there is known by the address, or by a token beside it; never by a user in it. */
export const httpAddress = z
  .string()
  .max(addressCharactersMax)
  .superRefine((text, context) => {
    const url = URL.parse(text)
    if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
      context.addIssue({ code: 'custom', message: 'expected an address, as https://example.com/hook' })
    else if (url.username !== '' || url.password !== '')
      context.addIssue({ code: 'custom', message: 'an address without a user and a password' })
  })
