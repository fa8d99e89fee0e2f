/**
 * Which addresses Tocsin may call on behalf of what users write: checks, sources, webhooks. Addresses that aren't public (loopback, private,
 * link-local with the metadata services of clouds, and all else that the registries reserve) only where the operator said so.
 * Names are resolved once, here, and the connection goes to what was checked. Read next: fetch.ts, config.ts (TOCSIN_ALLOW_PRIVATE).
 */
import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

export type Guard = Readonly<{
  /** null = this address may be called; else why not. */
  refusal: (address: string) => string | null
  /** For sockets: as node's own, but for addresses that may not be called. */
  lookup: LookupFunction
}>

export class ForbiddenAddressError extends Error {
  readonly code = 'ERR_FORBIDDEN_ADDRESS'
}

/** `none`, `all`, or networks with commas (10.0.0.0/8, ::1). `all` leaves out the link-local, where clouds keep credentials: name that. */
export function guardOf(allow: string): Guard {
  const allowed = allow === 'none' ? new BlockList() : networksOf(allow === 'all' ? privateNetworks : allow.split(','))
  const refusal = (address: string): string | null => {
    const plain = unmapped(address)
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(plain) === 0) return `${JSON.stringify(address.slice(0, 100))} is no address`
    if (isPublic(plain, family) || allowed.check(plain, family)) return null
    return `${plain} is not a public address, and TOCSIN_ALLOW_PRIVATE doesn't name it`
  }
  return { refusal, lookup: guardedLookup(refusal) }
}

/** What `all` opens. */
const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '0.0.0.0/32',
  '::1',
  '::',
  'fc00::/7',
]

/** Of the IANA registries of special-purpose addresses, and all that isn't for one receiver. */
const reserved4 = networksOf([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
])
const global6 = networksOf(['2000::/3'])
/** Of those: protocols, documentation, and what leads to an IPv4 address. */
const reserved6 = networksOf(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

function isPublic(address: string, family: 'ipv4' | 'ipv6'): boolean {
  if (family === 'ipv4') return !reserved4.check(address, family)
  return global6.check(address, family) && !reserved6.check(address, family)
}

/** `::ffff:127.0.0.1`, in any writing, is 127.0.0.1; a zone is no part of an address. */
function unmapped(address: string): string {
  const [plain = ''] = address.split('%')
  if (isIP(plain) !== 6) return plain
  const canonical = URL.parse(`http://[${plain}]/`)?.hostname ?? ''
  const [, high = '', low = ''] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(canonical) ?? []
  if (high === '') return plain
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [one >> 8, one & 255, two >> 8, two & 255].join('.')
}

function networksOf(texts: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of texts) {
    const [address = '', bits] = text.trim().split('/')
    const version = isIP(address)
    if (version === 0) continue
    const length = Math.min(Number(bits ?? 128), version === 6 ? 128 : 32)
    list.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** A name with any address that may not be called is refused as a whole: a public one beside it is there to get past a check. */
function guardedLookup(refusal: Guard['refusal']): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 4)
      const reason = found.map(({ address }) => refusal(address)).find((one) => one !== null) ?? null
      const [first] = found
      if (reason !== null) return callback(new ForbiddenAddressError(`${hostname}: ${reason}`), '', 4)
      if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 4)
      if (options.all === true) return callback(null, found)
      callback(null, first.address, first.family)
    })
  }
}
