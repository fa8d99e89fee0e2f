/** Connections that are cut, slow, reset, or silent. Read next: test/support/tcp-proxy.ts. */
import type { ProxyMode } from '../../../test/support/tcp-proxy.ts'
import { proxyNames } from '../stage.ts'
import type { FaultKind } from './fault.ts'

const network = (name: Exclude<ProxyMode, 'pass'>): FaultKind => ({
  name,
  targets: () => proxyNames,
  durationMs: { min: 1_000, max: 12_000 },
  begin: async (stage, target) => {
    stage.proxy(target).set(name)
    return async () => stage.proxy(target).set('pass')
  },
})

export const networkFaults: readonly FaultKind[] = [network('cut'), network('slow'), network('reset'), network('half-open')]
