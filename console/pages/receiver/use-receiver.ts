import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FieldTable } from '../../../contract/field-table.ts'
import { policyTable, receiverTable } from '../../../contract/receivers/field-table.ts'
import { changeReceiver, createReceiver, type Receiver, tryReceiver } from '../../data/receivers.ts'
import { navigate } from '../../router/location.ts'
import { changed, type FieldValues, nested, valuesOf } from '../../ui/fields.ts'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'

/** What is filled in, and what is done with it. `stored` null = a new one. */
export function useReceiver(kind: string, stored: Receiver | null) {
  const client = useQueryClient()
  const fields = receiverTable[kind]?.fields ?? {}
  const [before, setBefore] = useState(() => startOf(fields, stored))
  const [name, setName] = useState(stored?.name ?? '')
  const [config, setConfig] = useState(before.config)
  const [policy, setPolicy] = useState(before.policy)
  const renew = () => client.invalidateQueries({ queryKey: ['receivers'] })
  const save = useMutation({
    mutationFn: () =>
      stored === null
        ? createReceiver({ name, kind, config: nested(config), policy: nested(policy) })
        : changeReceiver(stored.name, { config: changed(before.config, config), policy: changed(before.policy, policy) }),
    onSuccess: async (written) => {
      sayDone(`@${written.name} is saved`)
      for (const warning of written.warnings ?? []) sayProblem(warning)
      await renew()
      if (stored === null) navigate(`/receivers/${encodeURIComponent(written.name)}`)
      // Secrets are the API's from now on.
      const kept = withoutSecrets(config, fields)
      setConfig(kept)
      setBefore({ config: kept, policy })
    },
  })
  const test = useMutation({
    mutationFn: () => tryReceiver(name),
    onError: (error) => sayProblem(error, name),
    onSettled: () => void renew(),
  })
  const isChanged = JSON.stringify({ config, policy }) !== JSON.stringify(before)
  return { fields, name, setName, config, setConfig, policy, setPolicy, save, test, isChanged, renew }
}

function startOf(fields: FieldTable, stored: Receiver | null) {
  return { config: valuesOf(fields, stored?.config ?? {}), policy: valuesOf(policyTable, stored?.policy ?? {}) }
}

function withoutSecrets(values: FieldValues, fields: FieldTable): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([path]) => fields[path]?.kind.is.startsWith('secret') !== true))
}
