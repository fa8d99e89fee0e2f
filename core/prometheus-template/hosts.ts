/** Addresses without their port or domain, as Go takes them apart. */

type HostPort = Readonly<{ host: string; port: string }>

/** What is no host with a port stays as it is. */
export function stripPort(address: string): string {
  return split(address)?.host ?? address
}

/** The first part of a name, with its port; an IP address stays. */
export function stripDomain(address: string): string {
  const { host, port } = split(address) ?? { host: address, port: '' }
  if (isIp(host)) return address
  const [name = ''] = host.split('.')
  return port === '' ? name : `${name}:${port}`
}

function split(address: string): HostPort | null {
  const bracketed = /^\[([^[\]]*)\]:([^:[\]]*)$/.exec(address)
  const plain = /^([^:[\]]*):([^:[\]]*)$/.exec(address)
  const [, host, port] = bracketed ?? plain ?? []
  return host === undefined || port === undefined ? null : { host, port }
}

function isIp(host: string): boolean {
  if (/^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/.test(host)) return host.split('.').every((part) => Number(part) <= 255)
  return host.includes(':') && /^[0-9a-fA-F:]+(?:\.\d+){0,3}$/.test(host)
}
